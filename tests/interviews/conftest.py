"""An interview in public that is open, with its confidentiality decision, on site alpha."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.interviews.entries import Words, clear_version, say_entry
from sites.interviews.models import Entry, InterviewPage
from sites.interviews.sessions import decide_live, open_interview
from tests import factories
from tests.console.conftest import citizen, console
from tests.layers import layered
from tests.structured import samples

__all__ = ["citizen", "console"]
GUEST = "黎江澄"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    caches["outward"].clear()


def an_interview(**fields: Any) -> InterviewPage:
    """An interview in public that begins in an hour, with one picture that was reviewed with it."""
    photo = {"image": factories.image("现场").pk, "alt": "访谈现场", "caption": "访谈现场"}
    values = {
        "starts_at": timezone.now() + timedelta(hours=1), "slug": "talk", "highlights": "",
        "photos": [{"type": "photo", "value": photo, "id": "5c0ffee0-0000-4000-8000-000000000001"}],
    }  # fmt: skip
    page: InterviewPage = samples.live(InterviewPage, **{**values, **fields})
    return page


def an_open_interview(**fields: Any) -> InterviewPage:
    page = an_interview(**{"starts_at": timezone.now(), **fields})
    decide_live(page, "只谈已经公开的政策。", acting_user=factories.user("alpha_secret"))
    open_interview(page, acting_user=factories.user("alpha_editor"))
    return page


@layered
def announced_interview() -> int:
    with tenant_context(get_tenant("alpha")):
        return int(an_interview().pk)


@layered
def open_talk() -> int:
    with tenant_context(get_tenant("alpha")):
        return int(an_open_interview().pk)


@pytest.fixture
def announced(announced_interview: int, alpha: Any) -> InterviewPage:
    return InterviewPage.objects.get(pk=announced_interview)


@pytest.fixture
def talk(open_talk: int, alpha: Any) -> InterviewPage:
    return InterviewPage.objects.get(pk=open_talk)


def say(page: InterviewPage, text: str, speaker: str = "host", *, by: str = "alpha_editor", **named: Any) -> Entry:
    name = GUEST if speaker == "guest" else ""
    words = Words(speaker, text, name, named.pop("photo", ""))
    return say_entry(page, words, acting_user=factories.user(by), **named)


def clear(entry: Entry, number: int = 1, *, by: str = "alpha_content") -> Any:
    return clear_version(entry, number, acting_user=factories.user(by))


def said(page: InterviewPage, text: str, speaker: str = "host", **named: Any) -> Entry:
    """An entry that citizens read."""
    entry = say(page, text, speaker, **named)
    clear(entry)
    return Entry.objects.get(pk=entry.pk)
