"""Rescans: what is public already is scanned by the present rules, and what they find is worked off."""
