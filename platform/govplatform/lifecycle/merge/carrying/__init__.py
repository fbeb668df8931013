"""Carrying the rows of a closing site into another one, and taking them back (decision 045)."""
