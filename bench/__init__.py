"""Measures the console on the machine where it runs: `python -m bench`. See docs/performance.md."""
