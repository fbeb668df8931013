"""Keeping synonyms. Every act is recorded; the search has them with the commit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import locking
from govplatform.refusals import Refused

from ..models import SynonymGroup
from .permissions import reasons_against_keeping
from .written import LONGEST_NOTE, Fault, Written, reasons_against_words

#: Lines that a refusal names.
_NAMED = 20


def add_synonyms(
    words: Sequence[str], *, one_way: bool = False, enabled: bool = True, note: str = "", acting_user: User | None
) -> SynonymGroup:
    """Add a group. Raises Refused for words that make none, and for a group that is there."""
    written = _checked(words, one_way, enabled, note)
    with _keeping(acting_user):
        _require_free(written)
        group = SynonymGroup.objects.create(**_fields(written))
        record_act("synonyms.add", acting_user=acting_user, obj=group, chain=PLATFORM_CHAIN, detail=_detail(group))
    return group


def change_synonyms(
    group: SynonymGroup,
    words: Sequence[str],
    *,
    one_way: bool,
    enabled: bool,
    note: str,
    acting_user: User | None,
) -> SynonymGroup:
    """Give a group other words or another state. Raises Refused as ``add_synonyms``, and when it is gone."""
    written = _checked(words, one_way, enabled, note)
    with _keeping(acting_user):
        group = _locked(group)
        _require_free(written, besides=group)
        before = _detail(group)
        for name, value in _fields(written).items():
            setattr(group, name, value)
        if before != _detail(group):
            group.save()
            detail = {"before": before, "after": _detail(group)}
            record_act("synonyms.change", acting_user=acting_user, obj=group, chain=PLATFORM_CHAIN, detail=detail)
    return group


def remove_synonyms(group: SynonymGroup, *, acting_user: User | None) -> None:
    """Remove a group. Raises Refused when it is gone."""
    with _keeping(acting_user):
        group = _locked(group)
        record_act("synonyms.remove", acting_user=acting_user, obj=group, chain=PLATFORM_CHAIN, detail=_detail(group))
        group.delete()


def import_synonyms(
    groups: Sequence[Written], faults: Sequence[Fault] = (), *, acting_user: User | None
) -> dict[str, Any]:
    """Add groups, and bring those that are there in line with the file: ``{"groups", "added", "changed"}``.

    ``groups``: how many the file has. Groups that the file does not name stay. Raises Refused that names each line
    when there are ``faults``: nothing is imported then.
    """
    if faults:
        reasons = [
            _("第 %(line)s 行：%(reason)s") % {"line": one.line, "reason": one.reason} for one in faults[:_NAMED]
        ]
        if len(faults) > _NAMED:
            reasons.append(_("还有 %(count)s 处错误没有列出。") % {"count": len(faults) - _NAMED})
        raise Refused([*reasons, _("没有导入任何同义词，请改正后重试。")])
    with _keeping(acting_user):
        known = {row.key: row for row in SynonymGroup.objects.all()}
        new = [SynonymGroup(**_fields(one)) for one in groups if one.key not in known]
        SynonymGroup.objects.bulk_create(new)
        changed = 0
        for one in groups:
            row = known.get(one.key)
            if row is not None and (row.enabled, row.note) != (one.enabled, one.note):
                row.enabled, row.note = one.enabled, one.note
                row.save()
                changed += 1
        detail = {"groups": len(groups), "added": len(new), "changed": changed}
        record_act("synonyms.import", acting_user=acting_user, chain=PLATFORM_CHAIN, detail=detail)
    return detail


# --- inside -------------------------------------------------------------------------------


@contextmanager
def _keeping(acting_user: User | None) -> Iterator[None]:
    with acting(acting_user, PLATFORM_CHAIN):
        if reasons := reasons_against_keeping(acting_user):
            raise Refused(reasons)
        yield


def _checked(words: Sequence[str], one_way: bool, enabled: bool, note: str) -> Written:
    given, note = tuple(word.strip() for word in words), " ".join(note.replace("\x00", "").split())
    reasons = reasons_against_words(given)
    if len(note) > LONGEST_NOTE:
        reasons.append(_("说明超过 %(most)s 个字。") % {"most": LONGEST_NOTE})
    if reasons:
        raise Refused(reasons)
    return Written(given, one_way, enabled, note)


def _require_free(written: Written, besides: SynonymGroup | None = None) -> None:
    other = SynonymGroup.objects.filter(key=written.key).first()
    if other is not None and other != besides:
        raise Refused(_("已经有这一组同义词：%(group)s。") % {"group": other})


def _locked(group: SynonymGroup) -> SynonymGroup:
    found = locking(SynonymGroup.objects.filter(pk=group.pk)).first()
    if found is None:
        raise Refused(_("这一组同义词已经删除，请刷新后再试。"))
    return found


def _fields(written: Written) -> dict[str, Any]:
    return {
        "words": list(written.words),
        "one_way": written.one_way,
        "enabled": written.enabled,
        "note": written.note,
        "forms": written.forms,
        "key": written.key,
    }


def _detail(group: SynonymGroup) -> dict[str, Any]:
    return {"words": list(group.words), "one_way": group.one_way, "enabled": group.enabled, "note": group.note}
