"""Counting the statements of a request, whatever the pace of the machine.

Hosts and terms are trusted for some seconds and then asked for again. A count that ran into the end of those seconds
would be one of the clock.
"""

from types import TracebackType
from typing import Self
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext

from content_library.vocabularies import snapshot
from govplatform.tenancy import hosts


class Statements(CaptureQueriesContext):
    """The statements of a block in which what this process has read stays trusted."""

    def __init__(self) -> None:
        super().__init__(connection)
        self._trust = (
            patch.object(hosts, "_CACHE_SECONDS", float("inf")),
            patch.object(snapshot, "_TRUSTED", float("inf")),
        )

    def __enter__(self) -> Self:
        for trust in self._trust:
            trust.start()
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        for trust in self._trust:
            trust.stop()
