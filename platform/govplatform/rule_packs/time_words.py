"""Limits and waits as people say them: 还剩 3 小时, 还剩 2 个工作日, 已超 5 小时, 等了 3 天."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from .working_days import is_working_day, local_day

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def left_words(due: datetime, now: datetime) -> str:
    """Say how much is left until ``due``, or by how much it was missed.

    Within a day in hours or minutes, beyond it in working days: what lies between is nobody's time on days of rest.
    """
    late = now > due
    begin, end = (due, now) if late else (now, due)
    said = _length(begin, end)
    if not said:
        return _("刚刚超过") if late else _("还剩不到 1 分钟")
    return (_("已超 %(length)s") if late else _("还剩 %(length)s")) % {"length": said}


def age_words(since: datetime, now: datetime) -> str:
    """Say how long something has waited."""
    span = now - since
    if span <= _MINUTE:
        return _("刚到")
    said = _short(span) if span < _DAY else _("%(n)d 天") % {"n": span.days}
    return _("等了 %(length)s") % {"length": said}


def span_words(since: datetime, now: datetime) -> str:
    """Say the time from ``since`` to ``now`` alone: 12 分钟, 3 天; nobody reads that something took 0 minutes."""
    span = now - since
    if span < _DAY:
        return _short(span) or _("不到 1 分钟")
    return _("%(n)d 天") % {"n": span.days}


def _length(begin: datetime, end: datetime) -> str:
    span = end - begin
    if span <= _DAY:
        return _short(span)
    if days := _working_days_between(local_day(begin), local_day(end)):
        return _("%(n)d 个工作日") % {"n": days}
    return _("%(n)d 天") % {"n": span.days}


def _short(span: timedelta) -> str:
    if span < _MINUTE:
        return ""
    if span < _HOUR:
        return _("%(n)d 分钟") % {"n": span // _MINUTE}
    return _("%(n)d 小时") % {"n": span // _HOUR}


def _working_days_between(first: date, last: date) -> int:
    """Return the number of working days after ``first``, ``last`` included."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
