"""The command line: one module for each command.

Comes in: arguments. Goes out: text, files and an exit code.
Heavy modules are imported inside the commands.
"""
