"""The last part of a page's public address, which nobody has to think of: by date and serial, or by pinyin.

Which of the two is the site's own choice (首页 → 网址方式). What a page has stays: only a draft that was never
public, and whose address was given by pinyin and not typed, follows its title
(deploy/decisions/065-writing-goes-on.md).
"""

import re
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from search.text.folding import fold, runs
from search.text.sounds import sounds_of

from .completeness import UNTITLED

#: Characters of an address in pinyin; a title beyond them is cut between two syllables.
LONGEST_IN_PINYIN = 60
_HIGHEST = r"""
SELECT max(substring(slug FROM 10)::int) FROM wagtailcore_page WHERE slug LIKE %s AND slug ~ '^[0-9]{8}-[0-9]{1,6}$'
"""
_NUMBERED = re.compile(r"[0-9]{8}-[0-9]{1,6}")
_IN_ADDRESSES = re.compile(r"[a-z0-9]+")
_TAIL = r"(-[0-9]+)?"


class AddressStyle(models.TextChoices):
    """How a site's new pages get their addresses."""

    DATE = "date", _("日期加序号（例如 20260302-003）")
    PINYIN = "pinyin", _("标题的拼音（例如 fang-xun-yan-lian）")


def style_of_site() -> str:
    """Return the current site's way of giving addresses."""
    chosen = apps.get_model("home.HomePage").objects.values_list("address_style", flat=True).first()
    return str(chosen or AddressStyle.DATE)


def given_slug(title: str, column: Page, *, besides: Page | None = None, day: date | None = None) -> str:
    """Return an address for a page called ``title`` that no page below ``column`` has, ``besides`` the page itself.

    ``day``: the day of a document that is older than its page; None: today. Call while the site's chain is held, else
    two pages may get the same; the unique check refuses the second.
    """
    if style_of_site() == AddressStyle.PINYIN and (spelled := slug_in_pinyin(title)):
        return free_slug(spelled, column, besides=besides)
    return numbered_slug(day or timezone.localdate())


def column_slug(title: str, parent: Page, *, besides: Page | None = None) -> str:
    """Return the address of a column called ``title``: its name by its sounds, for a column's name stays."""
    return free_slug(slug_in_pinyin(title) or "column", parent, besides=besides)


def numbered_slug(day: date) -> str:
    """Return ``20260302-003``: the day, and the next serial of the day on the whole site."""
    beginning = f"{day:%Y%m%d}-"
    with connection.cursor() as cursor:
        cursor.execute(_HIGHEST, [f"{beginning}%"])
        highest = cursor.fetchone()[0] or 0
    return f"{beginning}{highest + 1:03d}"


def slug_in_pinyin(title: str) -> str:
    """Return the title by its sounds, ``fang-xun-yan-lian``; numbers and Latin words stay whole. '' without Chinese."""
    if title.strip() == UNTITLED:
        return ""
    said: list[str] = []
    sounded = False
    for run in runs(fold(title)):
        syllables = next(iter(sounds_of(run)), None)
        sounded = sounded or syllables is not None
        said += _words(syllables or tuple(run))
    if not sounded:
        return ""
    kept: list[str] = []
    for word in said:
        if sum(len(one) + 1 for one in (*kept, word)) > LONGEST_IN_PINYIN + 1:
            break
        kept.append(word)
    return "-".join(kept)


def follows_title(page: Any, title: str) -> bool:
    """Tell whether the address of ``page``, whose title was ``title``, was given and is to follow the next title."""
    if page.live or page.first_published_at is not None:
        return False
    if spelled := slug_in_pinyin(title):
        return re.fullmatch(re.escape(spelled) + _TAIL, page.slug) is not None
    return title.strip() == UNTITLED and _NUMBERED.fullmatch(page.slug) is not None


def _words(syllables: tuple[str, ...]) -> list[str]:
    """Return syllables as they are, and what stood between them letter by letter as a word: ``2``, ``0`` -> ``20``."""
    words: list[str] = []
    joined = False
    for one in syllables:
        if not _IN_ADDRESSES.fullmatch(one):
            joined = False
        elif len(one) == 1 and joined:
            words[-1] += one
        else:
            words.append(one)
            joined = len(one) == 1
    return words


def free_slug(wanted: str, column: Page, *, besides: Page | None = None) -> str:
    """Return ``wanted``, or with a number behind it when another page below ``column`` has it."""
    siblings = column.get_children().filter(slug__startswith=wanted)
    if besides is not None and besides.pk is not None:
        siblings = siblings.exclude(pk=besides.pk)
    taken = set(siblings.values_list("slug", flat=True))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
