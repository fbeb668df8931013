"""The scanner: reads files and text and finds what must not become public. Knows no database and no page.

Runs in a guarded process for every file; nothing below this package may import a model.
"""
