"""时限与限额: one number of a rule pack with its unit and the article that it comes from."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from .working_days import CHINA, WorkingTime, local_day, months_later, nth_working_day, working_day_from


class Unit(TextChoices):
    """What a number of a rule pack counts; the label stands behind the number on screens."""

    HOURS = "hours", _("小时")
    DAYS = "days", _("日")
    WORKING_DAYS = "working_days", _("个工作日")
    MONTHS = "months", _("个月")
    TIMES = "times", _("次")
    PERSONS = "persons", _("人")
    REVIEWS = "reviews", _("级")
    ATTRIBUTES = "attributes", _("项")
    ITEMS = "items", _("条")


#: Units of time: what ``Limit.after`` can reckon with.
TIME_UNITS = (Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS)


class WrongUnit(TypeError):
    """A limit was asked for something that its unit cannot answer; the message says which limit and which unit."""


@dataclass(frozen=True)
class Limit:
    """One limit of one rule pack.

    ``article``: the regulation and its article, or 平台约定. ``verified``: whether article and number were compared
    with the text of the regulation. ``stated_by``: the pack that states it, which may be one that this pack extends.
    """

    name: str
    value: int
    unit: Unit
    article: str
    note: str = ""
    verified: bool = True
    stated_by: str = ""
    working_time: WorkingTime = field(default_factory=WorkingTime)

    def __str__(self) -> str:
        return f"{self.value} {self.unit.label}"

    def after(self, moment: datetime) -> datetime:
        """When a period of this length that begins at ``moment`` is over, in China's time.

        Hours run from the moment itself, whatever the day. Of days, working days and months the day of ``moment``
        does not count, and the last one counts to its end; a last day of ``days`` or ``months`` that is a day of
        rest gives way to the next working day (《中华人民共和国民法典》第二百零一条至第二百零三条).
        Raises WrongUnit when the limit is no time, ValueError for a moment without its time zone.
        """
        day = local_day(moment)
        if self.unit == Unit.HOURS:
            return moment.astimezone(CHINA) + timedelta(hours=self.value)
        if self.unit == Unit.WORKING_DAYS:
            return self.working_time.end_of(nth_working_day(day, self.value))
        if self.unit == Unit.DAYS:
            return self.working_time.end_of(working_day_from(day + timedelta(days=self.value)))
        if self.unit == Unit.MONTHS:
            return self.working_time.end_of(working_day_from(months_later(day, self.value)))
        raise self._wrong(_t("不是时间，算不出到期时刻"))

    def still_runs_from(self, moment: datetime) -> datetime:
        """From when on a period of this length still runs at ``moment``: what began before is over, by ``after``.

        Raises as ``after``.
        """
        if self.unit == Unit.HOURS:
            return moment.astimezone(CHINA) - timedelta(hours=self.value)
        day = local_day(moment)
        # Days of rest only make it end later, so the first that is over lies here or before.
        day = months_later(day, -self.value) if self.unit == Unit.MONTHS else day - timedelta(days=self.value)
        while self.after(_midnight(day)) > moment:
            day -= timedelta(days=1)
        return _midnight(day + timedelta(days=1))

    @property
    def days(self) -> int:
        """The number, of a limit in calendar days. Raises WrongUnit for any other."""
        if self.unit != Unit.DAYS:
            raise self._wrong(_t("不能当作日历天数使用"))
        return self.value

    @property
    def count(self) -> int:
        """The number, of a limit that counts things. Raises WrongUnit for a time."""
        if self.unit in TIME_UNITS:
            raise self._wrong(_t("是时间，不能当作数量使用"))
        return self.value

    def _wrong(self, why: str) -> WrongUnit:
        return WrongUnit(
            _t("规则包中的“%(name)s”以“%(unit)s”为单位，%(why)s。")
            % {"name": self.name, "unit": f"{self.unit.value}（{self.unit.label}）", "why": why}
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
