"""The exception with which extraction refuses a file."""


class ExtractionRefused(Exception):
    """A file is not accepted. `reason` is a Chinese sentence that says what to do; apply `translated` to show it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
