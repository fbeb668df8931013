"""Kinds of database failures by PostgreSQL's SQLSTATE, and the sentence that a person reads about each.

Django's exceptions do not tell a lost connection from a deadlock or a full disk; the SQLSTATE does (PostgreSQL's
manual, appendix A "PostgreSQL Error Codes").
"""

from enum import StrEnum

from django.db import Error
from django.utils.translation import gettext as _


class Fault(StrEnum):
    """Kinds of database failures that people are told apart, since what to do about each is different."""

    CONNECTION = "connection"
    TOO_MANY_CONNECTIONS = "too many connections"
    DEADLOCK = "deadlock"
    LOCK_TIMEOUT = "lock timeout"
    SERIALIZATION = "serialization"
    STATEMENT_TIMEOUT = "statement timeout"
    DISK_FULL = "disk full"
    OUT_OF_MEMORY = "out of memory"
    READ_ONLY = "read only"
    OTHER = "other"


_BY_CODE = {
    "40P01": Fault.DEADLOCK,
    "55P03": Fault.LOCK_TIMEOUT,
    "40001": Fault.SERIALIZATION,
    "57014": Fault.STATEMENT_TIMEOUT,
    "53100": Fault.DISK_FULL,
    "53200": Fault.OUT_OF_MEMORY,
    "53300": Fault.TOO_MANY_CONNECTIONS,
    "25006": Fault.READ_ONLY,
    # The server is stopped, has crashed, is starting or dropped the session.
    "57P01": Fault.CONNECTION,
    "57P02": Fault.CONNECTION,
    "57P03": Fault.CONNECTION,
    "57P05": Fault.CONNECTION,
    # No such database or login: whoever runs a verb has the address wrong.
    "3D000": Fault.CONNECTION,
}
#: Classes of SQLSTATE: connection exceptions, invalid authorization.
_CONNECTION_CLASSES = ("08", "28")

#: Nothing was done and nothing is wrong with it: the same act may be tried again.
LOST = frozenset({Fault.DEADLOCK, Fault.LOCK_TIMEOUT, Fault.SERIALIZATION})


def fault_of(error: BaseException) -> Fault:
    """The kind of failure behind ``error``: a ``django.db.Error``, or an exception that was raised from one."""
    code = sqlstate_of(error)
    if code is None:
        # Without an answer of the server there is no code: it was never reached, or went away.
        return Fault.CONNECTION if _is_connection_class(error) else Fault.OTHER
    if code[:2] in _CONNECTION_CLASSES:
        return Fault.CONNECTION
    return _BY_CODE.get(code, Fault.OTHER)


def sqlstate_of(error: BaseException | None) -> str | None:
    """The five-character SQLSTATE of ``error`` or of the first of its causes that has one; None without any."""
    while error is not None:
        code = getattr(error, "sqlstate", None)
        if code:
            return str(code)
        error = error.__cause__
    return None


def describe_fault(error: BaseException, *, detail: bool = True) -> str:
    """One sentence for a person: what happened, and what to do.

    ``detail`` False: for people who do not run the platform; the server's own message, which may name machines, is left
    out.
    """
    fault = fault_of(error)
    if fault is Fault.CONNECTION and not detail:
        return _("连不上数据库，请稍后再试，并告知平台运维人员。")
    if fault is Fault.OTHER and not detail:
        return _("数据库出错，本次操作没有生效，请把时间和所做的操作告诉平台运维人员。")
    words = {
        Fault.CONNECTION: _("连不上数据库：%(error)s"),
        Fault.TOO_MANY_CONNECTIONS: _("数据库的连接已用完，请稍后再试；经常出现时请平台运维人员增加连接数。"),
        Fault.DEADLOCK: _("与他人的操作互相冲突，本次操作没有生效，请再试一次。"),
        Fault.LOCK_TIMEOUT: _("有人正在办理同一事项，等待超时，本次操作没有生效，请稍后再试。"),
        Fault.SERIALIZATION: _("与他人的操作互相冲突，本次操作没有生效，请再试一次。"),
        Fault.STATEMENT_TIMEOUT: _("数据库处理超时，本次操作没有生效，请缩小范围或稍后再试。"),
        Fault.DISK_FULL: _("数据库的磁盘已满，本次操作没有生效，请立即通知平台运维人员。"),
        Fault.OUT_OF_MEMORY: _("数据库内存不足，本次操作没有生效，请通知平台运维人员。"),
        Fault.READ_ONLY: _("数据库处于只读状态，本次操作没有生效，请通知平台运维人员。"),
        Fault.OTHER: _("数据库出错，本次操作没有生效：%(error)s"),
    }
    return words[fault] % {"error": str(error).strip()}


def _is_connection_class(error: BaseException) -> bool:
    # Django raises InterfaceError for a connection that is closed, OperationalError for one that failed.
    names = {kind.__name__ for kind in type(error).__mro__}
    return isinstance(error, Error) and bool(names & {"OperationalError", "InterfaceError"})
