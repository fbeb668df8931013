"""Screens of the vocabularies."""
