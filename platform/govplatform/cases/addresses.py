"""The addresses on every public host at which citizens write and ask."""

PREFIX = "/interaction/"
WRITE = f"{PREFIX}write/"
ASK = f"{PREFIX}ask/"
LETTERS = f"{PREFIX}letters/"
FIGURES = f"{PREFIX}statistics/"
UNIT = f"{PREFIX}unit/"
