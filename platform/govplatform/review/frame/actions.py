"""The acts on words of the frame: setting them, proposing, confirming, refusing, withdrawing, writing down the first.

``change_words`` is part of an act of the package that knows the object: it has asked for the right and holds the locks.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.locks.holding import locking
from govplatform.refusals import Refused

from ..gate.scans import present_basis
from ..models import FrameClearance, FrameProposal
from .kinds import FrameKind, Texts, kind_named, kind_of
from .permissions import reasons_against_confirming
from .places import chain_for_record, chains_of, records_of
from .scanning import Verdict, require_speakable, scan_words, scanning_for
from .texts import differing, frame_digest, last_clearance

_LONGEST_OPINION = 300


def change_words(
    obj: Any,
    words: Mapping[str, Any],
    *,
    acting_user: User | None,
    reason: str = "",
    verb: str = "",
    is_new: bool = False,
) -> FrameProposal | None:
    """Give ``obj`` other words. Returns the proposal that waits now; None when they took effect, or nothing differs.

    ``obj`` as it is stored. ``words``: ``{field: words}``, fields left out stay as they are, or as the same person has
    proposed them before. A person's words wait for a second person; the shell's (``verb``, or no ``acting_user``) take
    effect at once and are recorded as that. ``is_new``: the object is not shown yet, and is from the moment these words
    count. Call in the act's transaction, where the records of its kind lie. Raises WordsRefused for what the scan
    objects to.
    """
    kind = _kind(obj)
    present = kind.texts_of(obj)
    wanted: Texts = {**present, **_wished_before(kind, obj, acting_user), **words}
    cleared = last_clearance(kind, obj.pk)
    # Words that came past the product are looked at with those that are given: one clearance covers them all.
    known = cleared.texts if cleared is not None else {}
    changed = sorted(
        {name for name in wanted if wanted[name] != present[name]} | {*differing(kind, known, wanted)},
        key=[*wanted].index,
    )
    if not changed and not is_new:
        return None
    # What is proposed of an object that was not confirmed yet is still its first words.
    is_new = is_new or _waits_as_new(kind, obj)
    if is_new:
        changed = list(wanted)
    if reasons := kind.reasons_against(obj, wanted):
        raise Refused(reasons)
    with scanning_for(kind.scanned_for(obj)):
        verdict = scan_words(wanted, changed, names=kind.proper_names(obj))
    require_speakable(verdict, kind.labels(), reason)
    if acting_user is None or verb:
        new = {name: wanted[name] for name in changed}
        _clear(kind, obj, wanted, verdict, acting_user, FrameClearance.Origin.SHELL, verb=verb, reason=reason)
        kind.apply(obj, new, acting_user=acting_user, is_new=is_new)
        if not is_new:
            # Of a new object the act that makes it has its own entry.
            before = {name: present[name] for name in changed}
            words_changed = {"fields": changed, "before": before, "after": new}
            _record("frame.set", kind, obj, acting_user, {**words_changed, "verb": verb, "reason": reason.strip()})
        return None
    return _propose(kind, obj, present, wanted, changed, verdict, acting_user, reason, is_new)


def check_words(obj: Any, *, reason: str) -> None:
    """Refuse all the words of ``obj``, which may not be stored yet, as ``change_words`` would. Changes nothing."""
    kind = _kind(obj)
    texts = kind.texts_of(obj)
    if reasons := kind.reasons_against(obj, texts):
        raise Refused(reasons)
    require_speakable(scan_words(texts, texts, names=kind.proper_names(obj)), kind.labels(), reason)


def confirm_words(proposal: FrameProposal, *, acting_user: User, digest: str, opinion: str) -> Any:
    """Have the proposed words take effect, and return the object.

    ``digest``: of the words that the person saw. Raises Refused when they may not, gave no opinion, saw something
    else, when the object was changed meanwhile, or when rules that have changed since object to the words.
    """
    kind = kind_named(proposal.kind)
    with records_of(kind), acting(acting_user, *_chains(kind, proposal), pages=_page_ids(kind, proposal)):
        held = _waiting(proposal)
        obj = kind.find(held.object_id)
        reasons = reasons_against_confirming(acting_user, kind, held)
        if not reasons and not opinion.strip():
            reasons.append(_("请写明意见。"))
        if not reasons and (stale := reasons_against_stale(kind, held, obj)):
            reasons = stale
        if reasons:
            raise Refused(reasons)
        wanted: Texts = {**kind.texts_of(obj), **held.after}
        if held.digest != digest or held.digest != frame_digest(kind, held.object_id, wanted):
            raise Refused(_("要确认的文字与你看到的不一致，没有生效。请重新打开这一页，核对后再确认。"))
        if reasons := kind.reasons_against(obj, wanted):
            raise Refused([*reasons, _("这一改动现在不能生效，请退回，由提出人改正后重新提出。")])
        with scanning_for(kind.scanned_for(obj)):
            verdict = _verdict_by_present_rules(kind, held, obj, wanted)
        _decide(held, FrameProposal.State.CONFIRMED, acting_user, opinion)
        _clear(kind, obj, wanted, verdict, acting_user, FrameClearance.Origin.CONFIRMED, proposal=held)
        kind.apply(obj, dict(held.after), acting_user=acting_user, is_new=held.is_new)
        words_changed = {"before": held.before, "after": held.after}
        _record("frame.confirm", kind, obj, acting_user, _detail(held, digest=held.digest, **words_changed))
        return obj


def refuse_words(proposal: FrameProposal, *, acting_user: User, opinion: str) -> None:
    """Refuse the proposed words with a reason. Raises Refused when the person may not or gives none."""
    kind = kind_named(proposal.kind)
    with records_of(kind), acting(acting_user, *_chains(kind, proposal), pages=_page_ids(kind, proposal)):
        held = _waiting(proposal)
        reasons = reasons_against_confirming(acting_user, kind, held)
        if not reasons and not opinion.strip():
            reasons.append(_("请写明退回的理由。"))
        if reasons:
            raise Refused(reasons)
        _end(kind, held, FrameProposal.State.REFUSED, acting_user, opinion, "frame.refuse")


def withdraw_words(proposal: FrameProposal, *, acting_user: User) -> None:
    """Take back what one has proposed oneself. Raises Refused for anybody else, and when it is decided."""
    kind = kind_named(proposal.kind)
    with records_of(kind), acting(acting_user, *_chains(kind, proposal), pages=_page_ids(kind, proposal)):
        held = _waiting(proposal)
        if held.proposed_by_id != acting_user.pk:
            raise Refused(_("只有提出改动的人可以撤回。"))
        _end(kind, held, FrameProposal.State.WITHDRAWN, acting_user, "", "frame.withdraw")


def record_set_up(objs: Iterable[Any], *, verb: str, numbers: Iterator[int] | None = None) -> int:
    """Write down the words that ``objs`` were set up with, and return how many; none is changed.

    For objects that the platform's own code or a migration made. ``numbers``: keys that were drawn for the rows. Call
    in a transaction, where their records lie.
    """
    rows = [
        FrameClearance(
            pk=next(numbers) if numbers is not None else None,
            kind=kind.code,
            object_id=obj.pk,
            texts=(texts := kind.texts_of(obj)),
            digest=frame_digest(kind, obj.pk, texts),
            origin=FrameClearance.Origin.SET_UP,
            verb=verb,
            cleared_by_name=_("平台"),
            cleared_at=timezone.now(),
        )
        for obj in objs
        if (kind := _kind(obj))
    ]
    return len(FrameClearance.objects.bulk_create(rows))


def clear_merged(obj: Any, *, acting_user: User | None, number: int | None = None) -> None:
    """Write down words that ``obj`` has, or is about to get, from others, where each was cleared.

    ``number``: the key that was drawn for the row. Call in the act's transaction, where the records of its kind lie.
    """
    kind = _kind(obj)
    texts = kind.texts_of(obj)
    FrameClearance.objects.create(
        pk=number,
        kind=kind.code,
        object_id=obj.pk,
        texts=texts,
        digest=frame_digest(kind, obj.pk, texts),
        origin=FrameClearance.Origin.MERGED,
        cleared_by_name=_name(acting_user),
        cleared_at=timezone.now(),
    )


def reasons_against_stale(kind: FrameKind, proposal: FrameProposal, obj: Any | None) -> list[str]:
    """Say why ``proposal`` no longer fits the object as it is now; empty when it does."""
    if obj is None:
        return [_("“%(title)s”已经不存在，这一改动不能再确认；请退回。") % {"title": proposal.object_title}]
    if frame_digest(kind, obj.pk, kind.texts_of(obj)) != proposal.before_digest:
        return [
            _("“%(title)s”在提出之后又有改动，这一改动的依据已经过时，不能确认。请退回，由提出人按现在的文字重新提出。")
            % {"title": proposal.object_title}
        ]
    return []


# --- inside ------------------------------------------------------------------------------


def _kind(obj: Any) -> FrameKind:
    kind = kind_of(obj)
    if kind is None:
        raise TypeError(f"{obj._meta.label} is no part of the frame")
    return kind


def _name(acting_user: User | None) -> str:
    return str(acting_user.full_name or acting_user.signed_name) if acting_user is not None else _("运维命令")


def _page_ids(kind: FrameKind, proposal: FrameProposal) -> list[int]:
    obj = kind.find(proposal.object_id)
    return list(kind.page_ids(obj)) if obj is not None else []


def _chains(kind: FrameKind, proposal: FrameProposal) -> tuple[str, ...]:
    return chains_of(kind, kind.find(proposal.object_id))


def _waits_as_new(kind: FrameKind, obj: Any) -> bool:
    named = {"kind": kind.code, "object_id": obj.pk, "state": FrameProposal.State.WAITING, "is_new": True}
    return FrameProposal.objects.filter(**named).exists()


def _wished_before(kind: FrameKind, obj: Any, acting_user: User | None) -> Texts:
    """What ``acting_user`` has proposed of ``obj`` and nobody has decided: one field after the other may be wished."""
    if acting_user is None:
        return {}
    # A new object is stored with the words that are wished of it.
    named = {"kind": kind.code, "object_id": obj.pk, "state": FrameProposal.State.WAITING, "is_new": False}
    waiting = FrameProposal.objects.filter(**named, proposed_by=acting_user).first()
    return dict(waiting.after) if waiting is not None else {}


def _waiting(proposal: FrameProposal) -> FrameProposal:
    held = locking(FrameProposal.objects.filter(pk=proposal.pk)).first()
    if held is None:
        raise Refused(_("没有这一项改动。"))
    if held.state != FrameProposal.State.WAITING:
        raise Refused(
            _("这一改动已由%(who)s办理（%(state)s），不能再办。")
            % {"who": held.decided_by_name, "state": held.get_state_display()}
        )
    return held


def _propose(
    kind: FrameKind,
    obj: Any,
    present: Texts,
    wanted: Texts,
    changed: list[str],
    verdict: Verdict,
    acting_user: User,
    reason: str,
    is_new: bool,
) -> FrameProposal:
    waiting = FrameProposal.objects.filter(kind=kind.code, object_id=obj.pk, state=FrameProposal.State.WAITING).first()
    if waiting is not None:
        waiting = _waiting(waiting)
    if waiting is not None and waiting.proposed_by_id != acting_user.pk:
        raise Refused(
            _("“%(title)s”已有%(who)s提出的改动待确认，不能再提。请等它办结，或者请提出人撤回。")
            % {"title": waiting.object_title, "who": waiting.proposed_by_name}
        )
    if waiting is not None:
        # The newer wish of the same person takes the place of the older one.
        _decide(waiting, FrameProposal.State.WITHDRAWN, acting_user, _("由新的改动代替。"))
    proposal = FrameProposal.objects.create(
        kind=kind.code,
        object_id=obj.pk,
        object_title=kind.title_of(obj)[:255],
        is_new=is_new,
        before={} if is_new else {name: present[name] for name in changed},
        after={name: wanted[name] for name in changed},
        before_digest=frame_digest(kind, obj.pk, present),
        digest=frame_digest(kind, obj.pk, wanted),
        reason=reason.strip()[:_LONGEST_OPINION],
        proposed_by=acting_user,
        proposed_by_name=_name(acting_user),
        proposed_at=timezone.now(),
        **verdict.as_fields(),
    )
    _record("frame.propose", kind, obj, acting_user, _detail(proposal, digest=proposal.digest))
    return proposal


def _verdict_by_present_rules(kind: FrameKind, proposal: FrameProposal, obj: Any, wanted: Texts) -> Verdict:
    """Return the verdict to confirm by: that of the proposal, or a new one when scanner, pack or dictionary changed.

    Raises Refused when the new one objects to what the proposer gave no reason for.
    """
    basis = present_basis()
    of_then = (proposal.scanner_version, proposal.rule_pack, proposal.dictionary_version)
    if of_then == (basis.scanner_version, basis.rule_pack, basis.dictionary_version):
        return Verdict(basis, proposal.findings)
    verdict = scan_words(wanted, proposal.after, names=kind.proper_names(obj))
    known = {finding["key"] for finding in proposal.findings}
    objected = [f for f in verdict.findings if f["key"] not in known or f["severity"] == "block"]
    try:
        require_speakable(Verdict(basis, objected), kind.labels(), "")
    except Refused as refusal:
        why = _("提出之后规则或词库有变化，重新扫描发现了问题，不能确认。请退回，由提出人改正后重新提出。")
        raise Refused([*refusal.reasons, why]) from refusal
    return verdict


def _decide(proposal: FrameProposal, state: str, acting_user: User, opinion: str) -> None:
    proposal.state, proposal.opinion = state, opinion.strip()[:_LONGEST_OPINION]
    proposal.decided_by, proposal.decided_by_name = acting_user, _name(acting_user)
    proposal.decided_at = timezone.now()
    proposal.save(update_fields=["state", "opinion", "decided_by", "decided_by_name", "decided_at"])


def _end(kind: FrameKind, proposal: FrameProposal, state: str, acting_user: User, opinion: str, act: str) -> None:
    _decide(proposal, state, acting_user, opinion)
    obj = kind.find(proposal.object_id)
    if obj is not None and proposal.is_new:
        kind.give_up(obj)
    _record(act, kind, obj or proposal, acting_user, _detail(proposal, opinion=proposal.opinion))


def _clear(
    kind: FrameKind,
    obj: Any,
    texts: Texts,
    verdict: Verdict,
    acting_user: User | None,
    origin: str,
    *,
    proposal: FrameProposal | None = None,
    verb: str = "",
    reason: str = "",
) -> FrameClearance:
    return FrameClearance.objects.create(
        kind=kind.code,
        object_id=obj.pk,
        texts=texts,
        digest=frame_digest(kind, obj.pk, texts),
        origin=origin,
        verb=verb,
        proposal=proposal,
        reason=(proposal.reason if proposal is not None else reason.strip())[:_LONGEST_OPINION],
        cleared_by_name=_name(acting_user),
        cleared_at=timezone.now(),
        **verdict.as_fields(),
    )


def _detail(proposal: FrameProposal, **more: Any) -> dict[str, Any]:
    return {"proposal": proposal.pk, "fields": sorted(proposal.after), **more}


def _record(act: str, kind: FrameKind, obj: Any, acting_user: User | None, detail: dict[str, Any]) -> None:
    record_act(act, acting_user=acting_user, obj=obj, detail=detail, chain=chain_for_record(kind))
