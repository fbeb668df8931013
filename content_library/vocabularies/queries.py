"""Queries about terms. Codes that were merged answer as what they were merged into."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.frame.queries import waiting_objects
from govplatform.ways_of_writing import is_named_in

from .frame_words import TERM
from .kinds import VOCABULARIES
from .models import Term
from .snapshot import TermRow, read_snapshot

#: Separator of the two levels of a label.
LEVELS_MARK = "／"


@dataclass(frozen=True)
class TermNode:
    """A term of the tree with its children."""

    row: TermRow
    children: list["TermNode"] = field(default_factory=list)


def terms_of(vocabulary: str) -> dict[str, TermRow]:
    """Return ``{code: term}`` in order (a top term, its children, the next top term), retired ones too."""
    return read_snapshot().terms.get(vocabulary, {})


def resolve_code(vocabulary: str, code: str) -> str:
    """Return the code that answers for ``code`` today: itself, or what it was merged into in the end."""
    terms = terms_of(vocabulary)
    seen: set[str] = set()
    while (row := terms.get(code)) is not None and row.merged_into and code not in seen:
        seen.add(code)
        code = row.merged_into
    return code


def find_term(vocabulary: str, code: str) -> TermRow | None:
    """Return the term that answers for ``code``; None for a code that never was."""
    answer = resolve_code(vocabulary, code)
    note_read(ReadOf.TERM, f"{vocabulary}/{code}", f"{vocabulary}/{answer}")
    return terms_of(vocabulary).get(answer)


def term_label(vocabulary: str, code: str) -> str:
    """Return the label of ``code`` after that of its top term; the code itself when unknown, '' for ''."""
    row = find_term(vocabulary, code)
    if row is None:
        return code
    top = find_term(vocabulary, row.parent) if row.parent else None
    return f"{top.label}{LEVELS_MARK}{row.label}" if top else row.label


def equivalent_codes(vocabulary: str, code: str) -> list[str]:
    """Return every code that content may carry for the same term: its own and those merged into it."""
    if not code:
        return []
    answer = resolve_code(vocabulary, code)
    note_read(ReadOf.TERM, f"{vocabulary}/{code}", f"{vocabulary}/{answer}")
    same = [other for other in terms_of(vocabulary) if resolve_code(vocabulary, other) == answer]
    return sorted({*same, answer, code})


def codes_under(vocabulary: str, code: str) -> list[str]:
    """Return ``equivalent_codes`` of the term and of all terms below it: what a filter by class asks for."""
    answer = resolve_code(vocabulary, code)
    below = [row.code for row in terms_of(vocabulary).values() if row.parent == answer]
    return sorted({same for one in [answer, code, *below] for same in equivalent_codes(vocabulary, one)})


def code_for(vocabulary: str, text: str) -> str:
    """Return the code that a label, alias or code stands for, or ''. ``大类／小类`` is understood too."""
    wanted = text.strip()
    if not wanted:
        return ""
    terms = terms_of(vocabulary)
    if wanted in terms:
        return resolve_code(vocabulary, wanted)
    active = [row for row in terms.values() if row.active]
    for mark in (LEVELS_MARK, "/", "\\", ">"):
        top, found, below = wanted.partition(mark)
        if found:
            parent = code_for(vocabulary, top)
            return next((r.code for r in active if r.parent == parent and r.label == below.strip()), "")
    for row in active:
        if wanted == row.label:
            return row.code
    named = (row.code for row in terms.values() if wanted == row.label and row.merged_into)
    aliased = (row.code for row in active if wanted in row.aliases)
    return resolve_code(vocabulary, next(named, "") or next(aliased, ""))


def waiting_codes(vocabulary: str) -> frozenset[str]:
    """Return the codes of the terms for which words wait for a second person, new terms among them."""
    waiting = Term.objects.filter(vocabulary=vocabulary, pk__in=waiting_objects(TERM))
    return frozenset(waiting.values_list("code", flat=True))


def tree(vocabulary: str, *, retired: bool = True, query: str = "", besides: Collection[str] = ()) -> list[TermNode]:
    """Return the top terms with their children. ``query`` keeps terms in which it occurs, with those above.

    ``retired`` False leaves out retired, merged and waiting terms, except the codes ``besides``.
    """
    rows = [row for row in terms_of(vocabulary).values() if retired or row.active or row.code in besides]
    words = query.strip().lower()
    nodes = []
    for top in (row for row in rows if not row.parent):
        children = [row for row in rows if row.parent == top.code]
        if words:
            kept = children if _says(top, words) else [row for row in children if _says(row, words)]
            if not kept and not _says(top, words):
                continue
            children = kept
        nodes.append(TermNode(top, [TermNode(row) for row in children]))
    return nodes


def choices_for(vocabulary: str, chosen: str = "") -> list[tuple[str, Any]]:
    """Return the choices of a form field, grouped by top term where there are two levels.

    A retired or merged term is offered only while it is the one already ``chosen``.
    """
    empty: list[tuple[str, Any]] = [("", "---------")]
    two_levels = VOCABULARIES[vocabulary].levels > 1
    choices: list[tuple[str, Any]] = []
    for node in tree(vocabulary, retired=False):
        if not two_levels or (vocabulary == "organisation" and not node.children):
            choices.append((node.row.code, node.row.label))
            continue
        own = (node.row.code, _("%(label)s（不分小类）") % {"label": node.row.label})
        children = [(child.row.code, child.row.label) for child in node.children]
        choices.append((f"{node.row.code} {node.row.label}", [own, *children]))
    held = terms_of(vocabulary).get(chosen)
    if held is not None and not held.active:
        state = _("已并入“%(label)s”") % {"label": term_label(vocabulary, chosen)} if held.merged_into else _("已停用")
        choices.insert(0, (chosen, f"{held.label}（{state}）"))
    elif chosen and held is None:
        choices.insert(0, (chosen, chosen))
    return empty + choices


def is_selectable(vocabulary: str, code: str, held: str = "") -> bool:
    """Tell whether a form may take ``code``: an active term, '' or what the page has already (``held``)."""
    row = terms_of(vocabulary).get(code)
    return code in ("", held) or (row is not None and row.active)


def get_term(vocabulary: str, code: str) -> Term | None:
    """Return the database row of a term, for those who change it; None when there is none."""
    return Term.objects.filter(vocabulary=vocabulary, code=code).select_related("parent", "merged_into").first()


def as_dict(row: TermRow) -> dict[str, Any]:
    """Return a term as verbs and the API print it."""
    return {
        "code": row.code,
        "label": row.label,
        "parent": row.parent,
        "aliases": list(row.aliases),
        "order": row.order,
        "status": row.status,
        "merged_into": row.merged_into,
        "note": row.note,
    }


def _says(row: TermRow, words: str) -> bool:
    return is_named_in(words, row.label, row.code, *row.aliases)
