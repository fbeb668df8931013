"""Figures of the scanner: what it finds in a corpus of generated documents, and how quick it is."""
