"""Terms as CSV: export for spreadsheets, import with a preview of what would change."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.frame.places import chains_of, records_of
from govplatform.review.frame.queries import waiting_for
from govplatform.spreadsheets.reading import plain_cell

from .actions import add_term, move_term, rename_term, restore_term, retire_term
from .frame_words import TERM
from .kinds import VOCABULARIES
from .models import Term
from .permissions import reasons_against_managing
from .queries import get_term, terms_of
from .snapshot import forget_terms

COLUMNS = ("code", "label", "parent", "aliases", "status", "merged_into", "note")
#: Separator of the aliases in one cell.
_BETWEEN = "|"
_MOST_ROWS = 5000


@dataclass
class ImportResult:
    """The codes of an import by what became of them; ``reasons`` name the lines that could not be taken."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    #: Of those above: what a second person has to confirm before it counts.
    waiting: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    unchanged: int = 0
    reasons: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "changed": self.changed,
            "waiting": self.waiting,
            "retired": self.retired,
            "unchanged": self.unchanged,
            "reasons": self.reasons,
        }


def export_terms(vocabulary: str) -> str:
    """Return all terms with a header line, in order, after the byte order mark by which spreadsheets know UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in terms_of(vocabulary).values():
        status = row.status
        cells = [row.code, row.label, row.parent, _BETWEEN.join(row.aliases), status, row.merged_into, row.note]
        writer.writerow([_harmless(cell) for cell in cells])
    return "\ufeff" + stream.getvalue()


def import_terms(
    vocabulary: str,
    text: str,
    *,
    acting_user: User | None,
    preview: bool = False,
    reason: str = "",
    verb: str = "",
) -> ImportResult:
    """Add what is new, rename, move and retire what differs; terms that the file leaves out stay.

    A person's words wait for a second person, each term by itself. ``reason`` and ``verb`` as in ``add_term``.
    All or nothing: with a single faulty line nothing is taken. ``preview`` changes nothing at all.
    Merging is an act of its own and not done from a file. Raises Refused for a file that is no such CSV.
    """
    if vocabulary not in VOCABULARIES:
        raise Refused(_("没有“%(code)s”这个词表。") % {"code": vocabulary})
    lines = _lines(text)
    result = ImportResult()
    with records_of(TERM), acting(acting_user, *chains_of(TERM)):
        if reasons := reasons_against_managing(acting_user):
            raise Refused(reasons)
        # Parents first: a file may name a child before its top term.
        for number, line in sorted(lines, key=lambda one: bool(one[1].get("parent"))):
            try:
                with transaction.atomic():
                    _take(vocabulary, line, acting_user, result, reason, verb)
            except Refused as refusal:
                result.reasons.append(
                    _("第 %(number)d 行：%(why)s") % {"number": number, "why": "".join(refusal.reasons)}
                )
        if preview or result.reasons:
            transaction.set_rollback(True)
    forget_terms()
    return result


def _take(
    vocabulary: str, line: dict[str, str], acting_user: User | None, result: ImportResult, reason: str, verb: str
) -> None:
    code, label = line.get("code", ""), line.get("label", "")
    aliases = [name for name in line.get("aliases", "").split(_BETWEEN) if name]
    parent = None
    if line.get("parent"):
        parent = get_term(vocabulary, line["parent"])
        if parent is None:
            raise Refused(_("上级代码“%(code)s”不存在。") % {"code": line["parent"]})
    term = get_term(vocabulary, code) if code else None
    if term is None:
        term = add_term(
            vocabulary,
            label,
            code=code,
            parent=parent,
            aliases=aliases,
            note=line.get("note", ""),
            acting_user=acting_user,
            reason=reason,
            verb=verb,
        )
        result.added.append(term.code)
        if term.status == Term.Status.WAITING:
            # Its status is the second person's to give.
            result.waiting.append(term.code)
            return
    else:
        before = (term.label, term.aliases, term.note, term.parent_id)
        note = line.get("note", term.note)
        if "aliases" not in line:
            aliases = term.aliases
        waited = waiting_for(TERM, term.pk)
        term = rename_term(
            term, label=label, aliases=aliases, note=note, acting_user=acting_user, reason=reason, verb=verb
        )
        waits = waiting_for(TERM, term.pk)
        if "parent" in line and not VOCABULARIES[vocabulary].fixed:
            term = move_term(term, parent, acting_user=acting_user)
        if waits is not None and waits != waited:
            result.waiting.append(term.code)
        if (term.label, term.aliases, term.note, term.parent_id) != before or term.code in result.waiting:
            result.changed.append(term.code)
        else:
            result.unchanged += 1
    _set_status(term, line, acting_user, result)


def _set_status(term: Term, line: dict[str, str], acting_user: User | None, result: ImportResult) -> None:
    wanted = line.get("status", "") or term.status
    if wanted not in Term.Status.values:
        raise Refused(_("状态“%(status)s”不认识，可用：active、retired。") % {"status": wanted})
    if wanted == Term.Status.WAITING or term.status == Term.Status.WAITING:
        return
    if wanted == Term.Status.RETIRED and term.is_active:
        retire_term(term, acting_user=acting_user)
        result.retired.append(term.code)
    elif wanted == Term.Status.ACTIVE and not term.is_active and not term.merged_into_id:
        restore_term(term, acting_user=acting_user)
        result.changed.append(term.code)


def _lines(text: str) -> list[tuple[int, dict[str, str]]]:
    """Return (line number, cells by column) of every line that is not empty. Raises Refused without a header."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        rows = list(reader)
    except csv.Error as error:
        raise Refused(_("文件不是可读的 CSV，请从“导出”得到的文件改起。")) from error
    header = [cell.strip() for cell in rows[0]] if rows else []
    if "label" not in header or "code" not in header or set(header) - set(COLUMNS):
        raise Refused(_("第一行须是列名：%(columns)s。请从“导出”得到的文件改起。") % {"columns": ", ".join(COLUMNS)})
    if len(rows) > _MOST_ROWS:
        raise Refused(_("一次最多导入 %(most)d 行，请分几个文件。") % {"most": _MOST_ROWS})
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = [_plain(cell.strip()) for cell in row]
        if any(cells):
            found.append((number, dict(zip(header, cells, strict=False))))
    return found


def _harmless(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else plain_cell(cell)
