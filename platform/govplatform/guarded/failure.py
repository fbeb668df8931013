"""The one exception that a guarded run raises."""

from typing import Literal

FailureKind = Literal["timeout", "memory", "crash", "refused"]


class GuardedFailure(Exception):
    """The guarded process gave no result.

    kind: "timeout" (wall clock or CPU time), "memory" (address space), "crash" (an exception or a
    signal), "refused" (target not allowed, arguments not JSON-able, output too large).
    message: Chinese, for the person who started the work; a sentence of the catalogue, translated where it is shown.
    detail: the end of the child's standard error, for the log; never shown to a person.
    """

    def __init__(self, kind: FailureKind, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.message = message
        self.detail = detail
