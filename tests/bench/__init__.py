"""Figures against the stock way: ``python -m tests.bench`` (see RESULTS.md for the last run)."""
