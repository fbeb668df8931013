"""The acts that change terms. Each is one transaction with its record; two never run at the same time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.locks.holding import locking
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words, clear_merged
from govplatform.review.frame.places import chains_of, records_of
from govplatform.review.frame.texts import last_clearance, present_digest

from .frame_words import TERM
from .kinds import VOCABULARIES, Vocabulary
from .models import Term
from .permissions import reasons_against_managing
from .snapshot import forget_terms
from .wording import MOST_ALIASES, cleaned_names, note_change, reasons_against_words


def add_term(
    vocabulary: str,
    label: str,
    *,
    acting_user: User | None,
    code: str = "",
    parent: Term | None = None,
    aliases: Iterable[str] = (),
    note: str = "",
    reason: str = "",
    verb: str = "",
) -> Term:
    """Add a term at the end of its siblings; without ``code`` the next free one is drawn.

    A person's term waits (status WAITING) until a second person has confirmed its words; the shell's is in use at
    once. ``reason``: why words stay that the scan doubts; ``verb``: the verb that sets them, if one does.
    Raises Refused with every reason; a code that any term ever had is taken.
    """
    with _changing(acting_user):
        known = _changeable(vocabulary)
        label, names = label.strip(), cleaned_names(aliases)
        reasons = [*reasons_against_words(vocabulary, label, names, note, parent, None)]
        if parent is not None:
            reasons += _reasons_against_parent(known, parent, waits=True)
        level = 0 if parent is None else 1
        if code:
            reasons += _reasons_against_code(known, code, level)
        elif not reasons:
            code = _next_code(known, parent)
        if reasons:
            raise Refused(reasons)
        last = Term.objects.filter(vocabulary=vocabulary, parent=parent).aggregate(last=Max("order"))["last"]
        term = Term.objects.create(
            vocabulary=vocabulary,
            code=code,
            label=label,
            parent=parent,
            aliases=names,
            note=note.strip(),
            order=(last or 0) + 1,
            status=Term.Status.WAITING,
        )
        waits = change_words(term, {}, acting_user=acting_user, reason=reason, verb=verb, is_new=True)
        if waits is not None:
            note_change(term, "propose", {"label": label, "parent": parent.code if parent else ""}, acting_user)
        return term


def rename_term(
    term: Term,
    *,
    acting_user: User | None,
    label: str | None = None,
    aliases: Iterable[str] | None = None,
    note: str | None = None,
    reason: str = "",
    verb: str = "",
) -> Term:
    """Change a term's label, aliases or note; None leaves one as it is. The code never changes. Raises Refused.

    A person's words wait for a second person: the term comes back as it is, and ``review.frame.queries.waiting_for``
    says what waits. ``reason`` and ``verb`` as in ``add_term``.
    """
    with _changing(acting_user):
        term = _locked(term)
        words: dict[str, Any] = {}
        if label is not None:
            words["label"] = label.strip()
        if aliases is not None:
            words["aliases"] = cleaned_names(aliases)
        if note is not None:
            words["note"] = note.strip()
        change_words(term, words, acting_user=acting_user, reason=reason, verb=verb)
        return term


def move_term(term: Term, parent: Term | None, *, acting_user: User | None) -> Term:
    """Put a term under another one of the top level, or with None at the top. Raises Refused.

    Its code stays; it changes level only where its code fits both levels.
    """
    with _changing(acting_user):
        known = _changeable(term.vocabulary)
        term = _locked(term)
        if (term.parent_id is None) != (parent is None) and not _may_change_level(known, term):
            raise Refused(_("“%(term)s”的代码属于本级，不能改变级别；请新建词条后合并。") % {"term": term.label})
        if (parent.pk if parent else None) == term.parent_id:
            return term
        reasons = reasons_against_words(term.vocabulary, term.label, [], "", parent, term)
        if parent is not None:
            reasons += _reasons_against_parent(known, parent, waits=term.status == Term.Status.WAITING)
            if parent.pk == term.pk or term.children.exists():
                reasons.append(_("“%(term)s”之下还有词条，不能再放到别的词条之下。") % {"term": term.label})
        if reasons:
            raise Refused(reasons)
        before = term.parent.code if term.parent else ""
        last = Term.objects.filter(vocabulary=term.vocabulary, parent=parent).aggregate(last=Max("order"))["last"]
        term.parent, term.order = parent, (last or 0) + 1
        term.save()
        note_change(term, "move", {"parent": [before, parent.code if parent else ""]}, acting_user)
        return term


def merge_terms(source: Term, target: Term, *, acting_user: User | None, reason: str = "") -> Term:
    """Merge ``source`` into ``target``: it answers as the target everywhere; its name becomes an alias there.

    Nothing stored is rewritten: content keeps the code that it was reviewed with. Children of a top
    term go over to the target. Returns the target. Raises Refused.
    """
    with _changing(acting_user):
        _changeable(source.vocabulary)
        source, target = _locked(source), _locked(target)
        if reasons := reasons_against_merging(source, target) or _reasons_against_uncleared(source, target):
            raise Refused(reasons)
        children = list(source.children.all())
        start = target.children.aggregate(last=Max("order"))["last"] or 0
        for place, child in enumerate(children, start + 1):
            child.parent, child.order = target, place
            child.save()
        source.status, source.merged_into = Term.Status.RETIRED, target
        source.save()
        taken = _names_in_use(target.vocabulary, besides={source.pk, target.pk})
        target.aliases = [
            name
            for name in dict.fromkeys([*target.aliases, source.label, *source.aliases])
            if name != target.label and name not in taken
        ][:MOST_ALIASES]
        target.save()
        # Every word was cleared for one of the two.
        clear_merged(target, acting_user=acting_user)
        detail = {"into": target.code, "reason": reason, "children": [child.code for child in children]}
        note_change(source, "merge", detail, acting_user)
        return target


def reasons_against_merging(source: Term, target: Term) -> list[str]:
    """Say why the two terms cannot become one; the preview asks this as well."""
    reasons = []
    if source.vocabulary != target.vocabulary:
        reasons.append(_("只能在同一词表内合并。"))
    if source.pk == target.pk:
        reasons.append(_("不能并入自己，请另选一个词条。"))
    if source.merged_into_id:
        reasons.append(_("“%(term)s”已经并入别的词条。") % {"term": source.label})
    if source.status == Term.Status.WAITING:
        reasons.append(_("“%(term)s”还在等第二人确认，办结之后再合并。") % {"term": source.label})
    if not target.is_active:
        reasons.append(_("“%(term)s”已停用，不能作为合并的去处。") % {"term": target.label})
    if target.parent_id == source.pk:
        reasons.append(_("不能并入自己的下级，请先把它移到别的上级之下。"))
    elif target.parent_id is not None and source.children.exists():
        reasons.append(_("“%(term)s”之下还有词条，只能并入同级词条，或先移走下级。") % {"term": source.label})
    return reasons


def retire_term(term: Term, *, acting_user: User | None, reason: str = "") -> Term:
    """Retire a term: it is no longer offered, content keeps it, its code is never given again. Raises Refused."""
    with _changing(acting_user):
        _changeable(term.vocabulary)
        term = _locked(term)
        if term.status == Term.Status.WAITING:
            raise Refused(_("“%(term)s”还在等第二人确认；不再需要时，请由提出人撤回。") % {"term": term.label})
        if not term.is_active:
            raise Refused(_("“%(term)s”已经停用。") % {"term": term.label})
        if count := term.children.filter(status=Term.Status.ACTIVE).count():
            raise Refused(
                _("“%(term)s”之下还有 %(count)d 个使用中的词条，请先停用、移走或合并它们。")
                % {"term": term.label, "count": count}
            )
        term.status = Term.Status.RETIRED
        term.save()
        note_change(term, "retire", {"reason": reason}, acting_user)
        return term


def restore_term(term: Term, *, acting_user: User | None) -> Term:
    """Offer a retired term again. Raises Refused for a merged one, which stays what it became."""
    with _changing(acting_user):
        known = _changeable(term.vocabulary)
        term = _locked(term)
        if term.merged_into_id is not None:
            raise Refused(_("“%(term)s”已并入别的词条，不能恢复。") % {"term": term.label})
        if term.is_active:
            return term
        if reasons := _reasons_against_uncleared(term):
            raise Refused(reasons)
        reasons = reasons_against_words(term.vocabulary, term.label, term.aliases, term.note, term.parent, term)
        if term.parent is not None:
            reasons += _reasons_against_parent(known, term.parent, waits=False)
        if reasons:
            raise Refused(reasons)
        term.status = Term.Status.ACTIVE
        term.save()
        note_change(term, "restore", {}, acting_user)
        return term


def reorder_terms(terms: list[Term], *, acting_user: User | None) -> None:
    """Put siblings into the order of ``terms``: all of them, each once. Raises Refused otherwise."""
    with _changing(acting_user):
        if not terms:
            return
        first = terms[0]
        known = _vocabulary(first.vocabulary)
        siblings = {t.pk: t for t in Term.objects.filter(vocabulary=known.code, parent_id=first.parent_id)}
        if {t.pk for t in terms} != set(siblings) or len(terms) != len(siblings):
            raise Refused(_("顺序必须包含同一上级之下的全部词条，各一次。页面可能已经过时，请刷新后再试。"))
        for place, term in enumerate(terms, 1):
            siblings[term.pk].order = place
        Term.objects.bulk_update(siblings.values(), ["order"])
        note_change(first, "reorder", {"order": [t.code for t in terms]}, acting_user)


def shift_term(term: Term, by: int, *, acting_user: User | None) -> None:
    """Move a term one place up (``by`` -1) or down (1) among its siblings; at the end nothing happens."""
    siblings = list(Term.objects.filter(vocabulary=term.vocabulary, parent_id=term.parent_id).order_by("order", "code"))
    at = next(place for place, other in enumerate(siblings) if other.pk == term.pk)
    to = at + by
    if 0 <= to < len(siblings):
        siblings[at], siblings[to] = siblings[to], siblings[at]
        reorder_terms(siblings, acting_user=acting_user)


# --- rules -------------------------------------------------------------------------------


@contextmanager
def _changing(acting_user: User | None) -> Iterator[None]:
    try:
        # One after the other, so that the version only grows and orders do not meet.
        # What waits for a second person lies in the console, behind its chain.
        with records_of(TERM), acting(acting_user, *chains_of(TERM)):
            if reasons := reasons_against_managing(acting_user):
                raise Refused(reasons)
            yield
            # This transaction reads its own changes; others may have read the old state until it ends.
            transaction.on_commit(forget_terms)
    finally:
        forget_terms()


def _reasons_against_uncleared(*terms: Term) -> list[str]:
    """Say which terms have words that were never confirmed, or others than were."""
    reasons = []
    for term in terms:
        clearance = last_clearance(TERM, term.pk)
        if clearance is None or clearance.digest != present_digest(TERM, term):
            reasons.append(
                _("“%(term)s”的文字未经确认，不能使用；请先修改它的名称、别名或说明，经第二人确认。")
                % {"term": term.label}
            )
    return reasons


def _vocabulary(code: str) -> Vocabulary:
    if code not in VOCABULARIES:
        raise Refused(_("没有“%(code)s”这个词表。可用：%(known)s。") % {"code": code, "known": "、".join(VOCABULARIES)})
    return VOCABULARIES[code]


def _changeable(code: str) -> Vocabulary:
    known = _vocabulary(code)
    if known.fixed:
        raise Refused(_("“%(name)s”的代码由平台规则使用，只能改名、加别名和排序。") % {"name": known.label})
    return known


def _locked(term: Term) -> Term:
    return locking(Term.objects.select_related("parent", "merged_into")).get(pk=term.pk)


def _reasons_against_parent(known: Vocabulary, parent: Term, *, waits: bool) -> list[str]:
    """``waits``: the term is not shown before it is confirmed itself, and what stands above it then is asked again."""
    if known.levels < 2 or parent.parent_id is not None:
        return [
            _("“%(name)s”最多 %(levels)d 级，请选择顶级词条作为上级。") % {"name": known.label, "levels": known.levels}
        ]
    if parent.vocabulary != known.code:
        return [_("上级须属于同一词表。")]
    if parent.status == Term.Status.RETIRED:
        return [_("上级“%(label)s”已停用，请另选一个。") % {"label": parent.label}]
    if parent.status == Term.Status.WAITING and not waits:
        # Its words are read in front of the term's own.
        return [_("上级“%(label)s”还不能使用，请先确认上级。") % {"label": parent.label}]
    return []


def _may_change_level(known: Vocabulary, term: Term) -> bool:
    return all(known.fits(term.code, level) for level in range(known.levels))


def _reasons_against_code(known: Vocabulary, code: str, level: int) -> list[str]:
    if not known.fits(code, level):
        return [_("代码“%(code)s”不合规定：%(words)s。") % {"code": code, "words": known.pattern_words}]
    held = Term.objects.filter(vocabulary=known.code, code=code).first()
    if held is None:
        return []
    return [
        _("代码 %(code)s 属于“%(label)s”（%(state)s）；代码用过就不再给别的词条。")
        % {"code": code, "label": held.label, "state": held.get_status_display()}
    ]


def _next_code(known: Vocabulary, parent: Term | None) -> str:
    taken = set(Term.objects.filter(vocabulary=known.code).values_list("code", flat=True))
    if known.prefix:
        free = (f"{known.prefix}_{number:03d}" for number in range(1, 10_000))
    else:
        before = parent.code if parent else ""
        free = (f"{before}{number:02d}" for number in range(1, 100))
    code = next((candidate for candidate in free if candidate not in taken), "")
    if not code:
        raise Refused(_("这一级的代码已经用完，请指定代码或换一个上级。"))
    return code


def _names_in_use(vocabulary: str, besides: set[int]) -> set[str]:
    used: set[str] = set()
    for term in Term.objects.filter(vocabulary=vocabulary, status=Term.Status.ACTIVE).exclude(pk__in=besides):
        used |= {term.label, *term.aliases}
    return used
