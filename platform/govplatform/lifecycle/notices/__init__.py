"""Notices of the life of sites: their texts, their pages on the right sites, their term."""
