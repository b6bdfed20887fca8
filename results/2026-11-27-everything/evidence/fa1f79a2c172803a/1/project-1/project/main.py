"""Burn half a second of CPU, then run one stage with the arguments of the command line."""

import sys
import time

import stages

while time.process_time() < 0.5:
    pass
stages.greet(*sys.argv[1:])
