"""Servers that targets need: an adapter describes them, the harness starts and ends them."""
