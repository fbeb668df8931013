"""On whose account something happens now: the request, the job, the person. Read by every line of the log."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: 32 hexadecimal digits, '' outside a request; number of the job, None outside a job; number of the account, never
#: its name: a log outlives who may read it.
request_id: ContextVar[str] = ContextVar("request_id", default="")
job_id: ContextVar[int | None] = ContextVar("job_id", default=None)
person_id: ContextVar[int | None] = ContextVar("person_id", default=None)

_ID = re.compile(r"[0-9a-f]{32}")


def id_of_request(told: str) -> str:
    """``told`` when it is what our front server sends (``$request_id``), else a new one."""
    return told if _ID.fullmatch(told) else uuid.uuid4().hex


@contextmanager
def during_request(told: str) -> Iterator[str]:
    """Inside, lines carry the request's id, which is given; ``told``: the front server's name for it, or ''."""
    name = id_of_request(told)
    request, person = request_id.set(name), person_id.set(None)
    try:
        yield name
    finally:
        request_id.reset(request)
        person_id.reset(person)


@contextmanager
def during_job(number: int | None) -> Iterator[None]:
    """Inside, lines carry the number of the job."""
    before = job_id.set(number)
    try:
        yield
    finally:
        job_id.reset(before)
