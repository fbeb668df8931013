"""Verification of an archive from its files alone."""
