"""The addresses on every public host at which citizens write and ask."""

PREFIX = "/interaction/"
WRITE = f"{PREFIX}write/"
ASK = f"{PREFIX}ask/"
#: 我要纠错, and what was reported and answered.
REPORT_ERROR = f"{PREFIX}error/"
REPORTED_ERRORS = f"{PREFIX}errors/"
#: 依申请公开.
REQUEST_INFORMATION = f"{PREFIX}disclosure/"
LETTERS = f"{PREFIX}letters/"
FIGURES = f"{PREFIX}statistics/"
UNIT = f"{PREFIX}unit/"
#: Questions in advance of an interview, whose number follows.
INTERVIEW = f"{PREFIX}interview/"
