"""From what is public to documents that can be found. ``actions`` is what the sheet of consequences calls."""
