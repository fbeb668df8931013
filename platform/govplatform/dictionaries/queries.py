"""Queries over dictionaries: the words that a scan looks for, and what the people who keep them see."""

import datetime
import hashlib
import threading
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from govplatform.tenancy.models import Tenant

from .effective import DictionaryWord
from .models import AllowedValue, DictionaryStamp, Word, WordIgnore
from .word_table import WordRow

_SEVERITY_ORDER = {"info": 0, "warn": 1, "block": 2}
#: (words, version, allowed) by site, stamps and day; a process holds few at a time.
_held: dict[tuple[Any, ...], "_Held"] = {}
_held_lock = threading.Lock()
_HELD_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class _Held:
    words: tuple[DictionaryWord, ...]
    allowed: frozenset[str]
    version: str


def words_for(tenant: Tenant | None, on: datetime.date | None = None) -> tuple[tuple[DictionaryWord, ...], str]:
    """The words that a scan of ``tenant``'s pages looks for on a day, and their version.

    ``on``: by default today in Beijing. The words are the platform's and the site's own in force on that day, without
    those that the site ignores. Where both dictionaries hold a word, the stricter severity counts, with the site's
    suggestion if it has one. ``version``: 16 hexadecimal digits that change with these words and with the allow-list; a
    scan of another version is out of date. One small statement while nothing has changed, four otherwise.
    """
    held = _hold(tenant, on)
    return held.words, held.version


def words_and_allowed_values(tenant: Tenant | None) -> tuple[tuple[DictionaryWord, ...], frozenset[str]]:
    """The words of ``words_for`` for today, and the values that the site publishes on purpose; of one moment.

    The values as ``effective.comparable_value`` gives them. Costs as much as ``words_for``.
    """
    held = _hold(tenant, None)
    return held.words, held.allowed


def _hold(tenant: Tenant | None, on: datetime.date | None) -> _Held:
    day = on or timezone.localdate()
    # The stamp first: words that come in between are then read anew next time, never missed.
    stamps = tuple(sorted(DictionaryStamp.objects.filter(_scopes(tenant)).values_list("pk", "value")))
    key = (tenant.pk if tenant else None, day, stamps)
    held = _held.get(key)
    if held is None:
        held = _read(tenant, day)
        with _held_lock:
            while len(_held) >= _HELD_AT_MOST:
                _held.pop(next(iter(_held)))
            _held[key] = held
    return held


def _scopes(tenant: Tenant | None) -> Q:
    platform = Q(tenant__isnull=True)
    return platform | Q(tenant=tenant) if tenant is not None else platform


def _read(tenant: Tenant | None, day: datetime.date) -> _Held:
    words = (
        Word.objects.filter(_scopes(tenant), state=Word.State.ACTIVE)
        .filter(Q(effective_from__isnull=True) | Q(effective_from__lte=day))
        .filter(Q(effective_until__isnull=True) | Q(effective_until__gte=day))
    )
    if tenant is not None:
        # Once, as a list: a subquery per word costs more than all the words.
        words = words.exclude(pk__in=list(WordIgnore.objects.filter(tenant=tenant).values_list("word_id", flat=True)))
    found: dict[str, DictionaryWord] = {}
    for form, *values in words.order_by("form", "tenant_id").values_list(
        "form", "word", "kind", "severity", "suggestion"
    ):
        # NULL sorts last, so the platform's word comes second and the site's is the one that stays
        word = DictionaryWord(*values)  # type: ignore[arg-type]
        found[form] = _stricter(found[form], word) if form in found else word
    forms = AllowedValue.objects.filter(_scopes(tenant), state=AllowedValue.State.ACTIVE)
    allowed = frozenset(forms.values_list("form", flat=True))
    digest = hashlib.sha256()
    for word in found.values():
        digest.update(f"{word.word}\x1f{word.kind}\x1f{word.severity}\x1f{word.suggestion}\x1e".encode())
    for form in sorted(allowed):
        digest.update(f"\x1d{form}".encode())
    return _Held(tuple(found.values()), allowed, digest.hexdigest()[:16])


def _stricter(own: DictionaryWord, other: DictionaryWord) -> DictionaryWord:
    severity = max(own.severity, other.severity, key=_SEVERITY_ORDER.__getitem__)
    return replace(own, severity=severity, suggestion=own.suggestion or other.suggestion)


# --- for the people who keep them ----------------------------------------------------------


def active_words(tenant: Tenant | None) -> QuerySet[Word]:
    """Words of one dictionary that are not retired, whatever their days."""
    return Word.objects.filter(tenant=tenant, state=Word.State.ACTIVE)


def visible_words(tenant: Tenant | None) -> QuerySet[Word]:
    """The words that the keepers of ``tenant``'s dictionary may see: their own and the platform's.

    ``ignored`` on each: whether the site ignores it.
    """
    words = Word.objects.filter(_scopes(tenant)).select_related("tenant", "added_by")
    return words.annotate(ignored=Exists(WordIgnore.objects.filter(word=OuterRef("pk"), tenant=tenant)))


def visible_values(tenant: Tenant | None) -> QuerySet[AllowedValue]:
    """The allow-list that the keepers of ``tenant``'s dictionary may see: their own and the platform's.

    Revoked values are among them.
    """
    return AllowedValue.objects.filter(_scopes(tenant)).select_related("person", "revoked_by", "tenant")


def row_of(word: Word, line: int = 0) -> WordRow:
    """``word`` as the row of a table; ``line`` 0 where there is no file."""
    return WordRow(
        line,
        word.word,
        word.kind,
        word.severity,
        word.suggestion,
        word.effective_from.isoformat() if word.effective_from else "",
        word.effective_until.isoformat() if word.effective_until else "",
        word.note,
    )
