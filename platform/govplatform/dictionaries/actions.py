"""Changing dictionaries and allow-lists. Every act is recorded."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.events.sheet import follow
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import FORMATS
from govplatform.tenancy.models import Tenant

from .effective import comparable_value
from .events import DictionaryChanged
from .import_plan import ImportPlan, clash_reason, days_overlap, differs, plan_import
from .models import AllowedValue, DictionaryStamp, Word, WordChange, WordIgnore
from .permissions import reasons_against_keeping
from .queries import active_words, row_of
from .value_rules import reasons_against_value
from .word_file import read_table, write_table
from .word_table import Fault, WordRow, check_values, read_rows

REASON_CHARACTERS = 500
_BATCH = 2_000


def add_word(tenant: Tenant | None, *, acting_user: User | None, **values: str) -> Word:
    """Add a word to ``tenant``'s dictionary (None: the platform's) and return it.

    ``values``: word, kind, severity, suggestion, note, effective_from, effective_until as texts (days YYYY-MM-DD).
    Raises Refused naming every field at fault.
    """
    row = _checked(values)
    with _keeping(acting_user, tenant):
        _renew_stamp(tenant)
        _require_free(tenant, row)
        word = Word.objects.create(tenant=tenant, form=row.form, added_by=acting_user, **row.fields())
        _note(word, WordChange.Act.ADDED, acting_user)
        record_act("dictionary.add", acting_user=acting_user, obj=word, chain=_chain_of(tenant), detail=_detail(row))
        follow(DictionaryChanged(tenant, more=True, less=False))
    return word


def change_word(word: Word, /, *, acting_user: User | None, **values: str) -> Word:
    """Give an active word other values, as in ``add_word``; those not named stay. Raises Refused."""
    row = _checked({**_texts(row_of(word)), **values})
    with _keeping(acting_user, word.tenant):
        _renew_stamp(word.tenant)
        word = _locked(word)
        _require_free(word.tenant, row, besides=word)
        if not differs(word, row):
            return word
        before = _detail(row_of(word))
        _assign(word, row)
        word.save()
        _note(word, WordChange.Act.CHANGED, acting_user)
        detail = {"before": before, "after": _detail(row)}
        record_act("dictionary.change", acting_user=acting_user, obj=word, chain=_chain_of(word.tenant), detail=detail)
        follow(DictionaryChanged(word.tenant, more=True, less=True))
    return word


def retire_word(word: Word, *, reason: str, acting_user: User | None) -> None:
    """Retire a word, so that no scan looks for it any more; its history stays. Raises Refused."""
    reason = _checked_reason(reason)
    with _keeping(acting_user, word.tenant):
        _renew_stamp(word.tenant)
        word = _locked(word)
        word.state = Word.State.RETIRED
        word.save(update_fields=["state"])
        _note(word, WordChange.Act.RETIRED, acting_user, reason=reason)
        detail = {"reason": reason}
        record_act("dictionary.retire", acting_user=acting_user, obj=word, chain=_chain_of(word.tenant), detail=detail)
        follow(DictionaryChanged(word.tenant, more=False, less=True))


def ignore_word(word: Word, tenant: Tenant, *, reason: str, acting_user: User | None) -> WordIgnore:
    """Have the site ignore a word of the platform's dictionary from now on. Raises Refused."""
    reason = _checked_reason(reason)
    with _keeping(acting_user, tenant):
        _renew_stamp(tenant)
        word = _locked(word)
        if word.tenant_id is not None:
            raise Refused(_("只能忽略平台词库的词语；本站自己的词语请修改或停用。"))
        if WordIgnore.objects.filter(word=word, tenant=tenant).exists():
            raise Refused(_("本站已经忽略“%(word)s”。") % {"word": word})
        ignore = WordIgnore.objects.create(word=word, tenant=tenant, reason=reason, person=acting_user)
        _note(word, WordChange.Act.IGNORED, acting_user, reason=reason, site=tenant.code)
        detail = {"reason": reason}
        record_act("dictionary.ignore", acting_user=acting_user, obj=word, chain=_chain_of(tenant), detail=detail)
        follow(DictionaryChanged(tenant, more=False, less=True))
    return ignore


def heed_word(word: Word, tenant: Tenant, *, reason: str = "", acting_user: User | None) -> None:
    """End that the site ignores a word of the platform's dictionary. Raises Refused when it does not ignore it."""
    with _keeping(acting_user, tenant):
        _renew_stamp(tenant)
        gone, _by_model = WordIgnore.objects.filter(word=word, tenant=tenant).delete()
        if not gone:
            raise Refused(_("本站没有忽略“%(word)s”。") % {"word": word})
        reason = reason.strip()[:REASON_CHARACTERS]
        _note(word, WordChange.Act.HEEDED, acting_user, reason=reason, site=tenant.code)
        detail = {"reason": reason} if reason else {}
        record_act("dictionary.heed", acting_user=acting_user, obj=word, chain=_chain_of(tenant), detail=detail)
        follow(DictionaryChanged(tenant, more=True, less=False))


def read_words(path: Path, filename: str) -> tuple[list[WordRow], list[Fault], tuple[str, ...]]:
    """Read a CSV or XLSX file in a guarded process; return its words, its faults and what to know of its table.

    ``filename``: tells the kind of file. Raises Refused when the file cannot be read at all.
    """
    table = read_table(path, filename)
    return *read_rows(table, table.bad), table.notes


def import_words(
    tenant: Tenant | None,
    rows: Sequence[WordRow],
    faults: Sequence[Fault] = (),
    *,
    acting_user: User | None,
    replace: bool = False,
    skip_bad: bool = False,
    dry_run: bool = False,
    filename: str = "",
) -> ImportPlan:
    """Import ``rows`` into the dictionary in one transaction; return what was done (``dry_run``: what would be).

    With faults and without ``skip_bad`` nothing is written: ``plan.faults`` says why, line by line. ``replace``: words
    that the file does not name are retired. Raises Refused for a person who may not, and for ``replace`` together with
    ``skip_bad``: a word that a faulty row meant would be retired because of a slip of the pen.
    """
    if replace and skip_bad:
        raise Refused(_("整体替换时不能跳过有误的行，否则这些行对应的词语会被停用。请先改正文件。"))
    with _keeping(acting_user, tenant):
        if not dry_run:
            _renew_stamp(tenant)
        plan = plan_import(rows, faults, active_words(tenant), replace=replace)
        if dry_run or (plan.faults and not skip_bad):
            if not dry_run:
                transaction.set_rollback(True)
            return plan
        _carry_out(plan, tenant, acting_user)
        if plan.added or plan.changed or plan.retired:
            detail = {"file": filename, **plan.counts(), "skipped": len(plan.faults), "replace": replace}
            record_act("dictionary.import", acting_user=acting_user, chain=_chain_of(tenant), detail=detail)
            more, less = bool(plan.added or plan.changed), bool(plan.retired or plan.changed)
            follow(DictionaryChanged(tenant, more=more, less=less))
    return plan


def export_words(tenant: Tenant | None, kind: str, *, acting_user: User | None) -> tuple[bytes, int]:
    """Export the active words; return (the file as ``kind``, csv or xlsx, number of words). Raises Refused."""
    if kind not in FORMATS:
        raise Refused(_("只能导出为 CSV 或 XLSX，请改正文件名的后缀。"))
    rows = [row_of(word) for word in active_words(tenant).order_by("form", "effective_from")]
    # Written before the chain is held: a large table takes its time. It is given to nobody who may not read it.
    content = write_table(rows, kind)
    # Reading goes on while a site is frozen.
    with _keeping(acting_user, tenant, frozen_too=True):
        record_act(
            "dictionary.export",
            acting_user=acting_user,
            chain=_chain_of(tenant),
            detail={"words": len(rows), "format": kind},
        )
    return content, len(rows)


def allow_value(tenant: Tenant | None, value: str, *, kind: str, reason: str, acting_user: User | None) -> AllowedValue:
    """Put ``value`` on the allow-list of a site (None: of all sites): scans no longer report it. Raises Refused."""
    reasons = reasons_against_value(value, kind)
    if not reason.strip():
        reasons.append(_("理由：没有填写。请说明为什么可以公开。"))
    if reasons:
        raise Refused(reasons)
    reason, form = _checked_reason(reason), comparable_value(value.strip(), kind)
    with _keeping(acting_user, tenant):
        _renew_stamp(tenant)
        held = AllowedValue.objects.filter(tenant=tenant, form=form, state=AllowedValue.State.ACTIVE).first()
        if held is not None:
            raise Refused(_("“%(value)s”已在白名单中（写作“%(held)s”）。") % {"value": value.strip(), "held": held})
        allowed = AllowedValue.objects.create(
            tenant=tenant, kind=kind, value=value.strip(), form=form, reason=reason, person=acting_user
        )
        detail = {"kind": kind, "reason": reason}
        record_act("dictionary.allow", acting_user=acting_user, obj=allowed, chain=_chain_of(tenant), detail=detail)
        follow(DictionaryChanged(tenant, more=False, less=True))
    return allowed


def revoke_value(allowed: AllowedValue, *, reason: str, acting_user: User | None) -> None:
    """Take a value off the allow-list: scans report it again. Raises Refused."""
    reason = _checked_reason(reason)
    with _keeping(acting_user, allowed.tenant):
        _renew_stamp(allowed.tenant)
        locked = locking(AllowedValue.objects).get(pk=allowed.pk)
        if locked.state != AllowedValue.State.ACTIVE:
            raise Refused(_("“%(value)s”已经撤销。") % {"value": locked})
        locked.state, locked.revoke_reason = AllowedValue.State.REVOKED, reason
        locked.revoked_by, locked.revoked_at = acting_user, timezone.now()
        locked.save()
        detail = {"kind": locked.kind, "reason": reason}
        chain = _chain_of(allowed.tenant)
        record_act("dictionary.revoke", acting_user=acting_user, obj=locked, chain=chain, detail=detail)
        follow(DictionaryChanged(allowed.tenant, more=True, less=False))


# --- inside ------------------------------------------------------------------------------


@contextmanager
def _keeping(acting_user: User | None, tenant: Tenant | None, *, frozen_too: bool = False) -> Iterator[None]:
    """The transaction of one act on the dictionary of ``tenant``. Raises Refused for who may not keep it."""
    with acting(acting_user, _chain_of(tenant), on=tenant, frozen_too=frozen_too):
        if reasons := reasons_against_keeping(acting_user, tenant):
            raise Refused(reasons)
        yield


def _checked_reason(reason: str) -> str:
    """Raises Refused for none or a very long one."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("请填写理由，理由记入审计。"))
    if len(reason) > REASON_CHARACTERS:
        raise Refused(
            _("理由最多 %(most)d 个字符，现为 %(length)d 个。") % {"most": REASON_CHARACTERS, "length": len(reason)}
        )
    return reason


def _chain_of(tenant: Tenant | None) -> str:
    return PLATFORM_CHAIN if tenant is None else str(tenant.schema_name)


def _renew_stamp(tenant: Tenant | None) -> None:
    """Tell every process that this dictionary is another; writers of the same one come after each other."""
    value = secrets.token_hex(8)
    if not DictionaryStamp.objects.filter(tenant=tenant).update(value=value):
        # Two first writers at once: the constraint lets one in and the other waits for it.
        DictionaryStamp.objects.bulk_create([DictionaryStamp(tenant=tenant, value=value)], ignore_conflicts=True)
        DictionaryStamp.objects.filter(tenant=tenant).update(value=value)


def _checked(values: dict[str, str]) -> WordRow:
    row, faults = check_values(0, {name: str(value or "") for name, value in values.items()})
    if row is None:
        raise Refused(f"{fault.column}：{fault.reason}" for fault in faults)
    return row


def _texts(row: WordRow) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in row.fields().items()}


def _detail(row: WordRow) -> dict[str, str]:
    return {name: text for name, text in _texts(row).items() if text}


def _require_free(tenant: Tenant | None, row: WordRow, *, besides: Word | None = None) -> None:
    others = active_words(tenant).filter(form=row.form)
    for other in others.exclude(pk=besides.pk) if besides else others:
        held = row_of(other)
        if days_overlap((row.effective_from, row.effective_until), (held.effective_from, held.effective_until)):
            raise Refused(clash_reason(other) + _("请修改已有的词语，或错开日期。"))


def _locked(word: Word) -> Word:
    locked = locking(Word.objects.filter(pk=word.pk)).first()
    if locked is None or locked.state != Word.State.ACTIVE:
        raise Refused(_("“%(word)s”已停用，不能再改；需要时请重新添加。") % {"word": word})
    return locked


def _assign(word: Word, row: WordRow) -> None:
    for name, value in row.fields().items():
        setattr(word, name, value)
    word.form = row.form


def _carry_out(plan: ImportPlan, tenant: Tenant | None, acting_user: User | None) -> None:
    for word in plan.retired:
        word.state = Word.State.RETIRED
    # Retired words first: a new one may have the same form and first day (constraint ``word_once``).
    Word.objects.bulk_update(plan.retired, ["state"], batch_size=_BATCH)
    for word, row in plan.changed:
        _assign(word, row)
    changed = [word for word, _row in plan.changed]
    if changed:
        names = [*plan.changed[0][1].fields(), "form"]
        Word.objects.bulk_update(changed, names, batch_size=_BATCH)
    added = [Word(tenant=tenant, form=row.form, added_by=acting_user, **row.fields()) for row in plan.added]
    Word.objects.bulk_create(added, batch_size=_BATCH)
    changes = [
        _change(word, act, acting_user)
        for act, words in (
            (WordChange.Act.RETIRED, plan.retired),
            (WordChange.Act.CHANGED, changed),
            (WordChange.Act.ADDED, added),
        )
        for word in words
    ]
    WordChange.objects.bulk_create(changes, batch_size=_BATCH)


def _note(word: Word, act: WordChange.Act, acting_user: User | None, *, reason: str = "", site: str = "") -> None:
    change = _change(word, act, acting_user)
    change.reason, change.site = reason, site
    change.save(force_insert=True)


def _change(word: Word, act: WordChange.Act, acting_user: User | None) -> WordChange:
    values: dict[str, Any] = _detail(row_of(word))
    name = acting_user.signed_name if acting_user else _("命令行")
    return WordChange(word=word, act=act, values=values, person=acting_user, person_name=name, at=timezone.now())
