"""The screen 编辑日历: a month of what is planned and due, on a phone as a list of its days."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from govplatform.days import FIRST, LAST, parse_day
from govplatform.review.permissions import EDIT, may_on_content
from govplatform.review.screens.access import ReviewScreen

from .planned import Matter, Planned, planned_between


class CalendarView(ReviewScreen):
    """``?month=2026-12``; the current month without. For editors and reviewers."""

    template_name = "writing/calendar.html"
    page_title = _("编辑日历")
    header_icon = "calendar-alt"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first = asked_month(self.request.GET.get("month", ""))
        after = (first + timedelta(days=32)).replace(day=1)
        by_day: dict[date, list[dict[str, Any]]] = {}
        found, overdue = planned_between(first, after)
        for one in found:
            by_day.setdefault(one.day, []).append(self._line(one))
        days = [first + timedelta(days=n) for n in range((after - first).days)]
        return super().get_context_data(
            month=first,
            days=[{"day": day, "entries": by_day.get(day, ())} for day in days],
            begins=first.isoweekday(),
            today=timezone.localdate(),
            before=f"{first - timedelta(days=1):%Y-%m}",
            next=f"{after:%Y-%m}",
            empty=not found,
            overdue=[self._line(one) for one in overdue],
            weekdays=[WEEKDAYS_ABBR[number] for number in range(7)],
            **kwargs,
        )

    def _line(self, one: Planned) -> dict[str, Any]:
        return {"one": one, "url": self._address(one)}

    def _address(self, one: Planned) -> str:
        if one.page_id is None:
            return ""
        if one.matter == Matter.REVIEW:
            return reverse("review_page", args=[one.page_id])
        if not may_on_content(self.request.user, EDIT):
            return ""
        name = "writing_pin" if one.matter == Matter.PIN else "wagtailadmin_pages:edit"
        return reverse(name, args=[one.page_id])


def asked_month(text: str) -> date:
    """The first day of the month that ``text`` names as YYYY-MM; of the current month for anything else."""
    day = parse_day(f"{text.strip()}-01")
    # Both edges of what are days here have a month beside them that is none.
    known = day is not None and FIRST.year < day.year < LAST.year
    return (day if day is not None and known else timezone.localdate()).replace(day=1)
