"""``python -m bench`` is ``bench``."""

from bench.commands.app import main

main()
