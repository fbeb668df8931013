"""Readers: every kind of file as text with its place. To be run in a guarded process only."""

from .reading import read_file

__all__ = ["read_file"]
