"""Readers: turn every kind of file into text with its place. To be run in a guarded process only.

``read_...(source, context, read_source)`` of each module reads one kind of file and yields Pieces and Findings; it
raises Unreadable for a file that gives no text. ``read_source`` reads a file inside of it.
"""

from .reading import read_file

__all__ = ["read_file"]
