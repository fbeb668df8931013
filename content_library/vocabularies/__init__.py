"""Managed vocabularies: the terms by which everything in the library is classified."""
