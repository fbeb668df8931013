"""Lines of the log in a file that several processes write to and somebody else renames."""

import logging
import logging.handlers
import os


class LineFile(logging.handlers.WatchedFileHandler):
    """Each line by one write to the end of the file, so lines of processes never mix; after a renaming a new file."""

    def __init__(self, filename: str) -> None:
        os.makedirs(os.path.dirname(filename), exist_ok=True)
        super().__init__(filename, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.reopenIfNeeded()
            if self.stream is None:
                self.stream = self._open()
                self._statstream()
            os.write(self.stream.fileno(), f"{self.format(record)}\n".encode())
        except Exception:
            # a full disk must end nobody's work
            self.handleError(record)
