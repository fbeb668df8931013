"""Releases as files: where they lie, what they say, how they are signed and brought in place. Nothing here asks a
database, for front nodes and the verifier have none.
"""
