"""The one way in which extraction says no."""


class ExtractionRefused(Exception):
    """The file is not taken. `reason` is Chinese and tells the person the way out; `translated` where it is shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
