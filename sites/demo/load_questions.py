"""What the demo's citizens searched for in the last weeks: counts alone, as the statistics keep them."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from govplatform.tenancy.models import Tenant
from search.models import AskedDay, AskedTerm

#: Word -> how many places asked for it on an ordinary day, and how many of them were told that there is nothing.
_WORDS = {
    "营商环境": (14, 0),
    "补贴": (11, 0),
    "公积金": (9, 0),
    "招聘": (8, 0),
    "一网通办": (7, 0),
    "义务教育": (6, 3),
    "电子社保卡": (6, 6),
    "低空经济": (5, 5),
}
_DAYS = 30


def load_questions(tenants: Iterable[Tenant]) -> None:
    """Write a month of statistics for each of the sites; rows that are there stay."""
    today = timezone.localdate()
    days, terms = [], []
    for tenant in tenants:
        for before in range(_DAYS):
            day = today - timedelta(days=before)
            # Offices ask on working days; a little more or less each day, the same in every demo.
            share = 2 if day.weekday() > 4 else 4 + (day.toordinal() * 7 + tenant.pk) % 3
            words = {word: (asked * share // 4, without * share // 4) for word, (asked, without) in _WORDS.items()}
            terms += [
                AskedTerm(tenant=tenant, day=day, term=word, asked=asked, without=without)
                for word, (asked, without) in words.items()
            ]
            asked, without = (sum(column) for column in zip(*words.values(), strict=True))
            days.append(AskedDay(tenant=tenant, day=day, asked=asked * 3, without=without * 2))
    AskedDay.objects.bulk_create(days, ignore_conflicts=True)
    AskedTerm.objects.bulk_create(terms, ignore_conflicts=True)
