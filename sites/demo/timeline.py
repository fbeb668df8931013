"""When each act of the demo happened: the days stand in ``content/timeline.toml``, the hours are worked out here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from sites.demo import content
from sites.demo.content import CONTENT_FOLDER, ContentFault, read_toml

#: Days from the date of a document to its publication, and from there to that of its interpretation.
_AFTER_ISSUE, _AFTER_POLICY = 3, 2
_MORNING, _BETWEEN = dt.time(8, 40), dt.timedelta(minutes=75)
_TO_SUBMISSION, _TO_CONTENT, _TO_SECRET = (dt.timedelta(minutes=minutes) for minutes in (6, 24, 18))
_UNTIL_WITHDRAWN = dt.timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Moments:
    """When one item was written, handed in, and decided on by both reviewers; the second of them publishes."""

    written: dt.datetime
    submitted: dt.datetime
    content: dt.datetime
    confidentiality: dt.datetime
    withdrawn: dt.datetime


class Timeline:
    """The days of the demo as seen on the day on which it is loaded. Raises ContentFault for a file it cannot read."""

    def __init__(self, today: dt.date | None = None) -> None:
        self.today = today or timezone.localdate()

    @cached_property
    def raw(self) -> dict[str, Any]:
        return read_toml(CONTENT_FOLDER / "timeline.toml")

    @property
    def opened(self) -> dt.datetime:
        """When the sites were opened."""
        return _moment(self._shifted(self.raw["opened_on"]), _MORNING)

    def scene(self, name: str) -> dt.datetime:
        """When the scene ``name`` was played."""
        number = list(self.raw["scenes"]).index(name)
        return _moment(self._shifted(self.raw["scenes"][name]), dt.time(9)) + number * _BETWEEN

    @property
    def scenes_begin(self) -> dt.datetime:
        return min(self.scene(name) for name in self.raw["scenes"])

    def moments(self, site: content.DemoSite, items: Iterable[content.Item]) -> dict[str, Moments]:
        """Slug -> when things happened to it, from the oldest to the newest item of ``site``.

        On one day one follows the other, in the order of ``items``: a topic after what it gathers.
        """
        days = {item.slug: self.day(site, item) for item in items}
        found, earlier = {}, Counter[dt.date]()
        for slug, day in sorted(days.items(), key=lambda one: one[1]):
            found[slug] = moments_from(_moment(day, _MORNING) + earlier[day] * _BETWEEN)
            earlier[day] += 1
        return found

    def day(self, site: content.DemoSite, item: content.Item) -> dt.date:
        """The day on which ``item`` was published, or else handed in. Raises ContentFault for one without a day."""
        match item:
            case content.PolicyDocument():
                return item.issued_on + dt.timedelta(days=_AFTER_ISSUE)
            case content.Interpretation():
                policy = next(one for one in site.policies if one.slug == item.policy)
                return self.day(site, policy) + dt.timedelta(days=_AFTER_POLICY)
        try:
            return self._shifted(self.raw[site.facts.code][item.slug])
        except KeyError:
            raise ContentFault(f"timeline.toml: {site.facts.code} lacks the day of {item.slug}") from None

    def _shifted(self, day: dt.date) -> dt.date:
        return day + max(self.today - self.raw["written_on"], dt.timedelta())


def moments_from(written: dt.datetime) -> Moments:
    """What is written at ``written`` and goes its way without waiting."""
    submitted = written + _TO_SUBMISSION
    first = submitted + _TO_CONTENT
    second = first + _TO_SECRET
    return Moments(written, submitted, first, second, second + _UNTIL_WITHDRAWN)


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, time))
