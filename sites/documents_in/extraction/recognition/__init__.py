"""The recognition of an official document in elements of any format: head, text, tail, and its blocks."""
