"""Project settings: Kedro's defaults.

See https://docs.kedro.org/en/stable/configure/configuration_basics/
"""
