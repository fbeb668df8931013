"""Bringing in the guides of a table: a draft for each row, each row for itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, may_on_content, reasons_against_writing_at
from govplatform.spreadsheets.reading import read_table
from sites.columns.models import Column, ColumnType

from .documents_named import documents_named, public_numbers
from .models import ServiceItem
from .table import CHOICES, HEADINGS, SHEET, code_of, fields_of_row


class _Row(Refused):
    """A row that cannot be taken. Whatever else is refused, a right that is gone among it, ends the whole import."""


#: Of one table; a longer one is brought in by parts, so that whoever waits sees an end.
MOST = 1_000


@dataclass
class Brought:
    """``items``: drafts made, by line; ``failed``: ``(line, title, reasons)``; ``notes`` on how the file was read.

    ``unlinked``: ``(line, title, document numbers)`` of drafts whose basis names documents that are not public here.
    """

    items: list[tuple[int, ServiceItem]] = field(default_factory=list)
    failed: list[tuple[int, str, list[str]]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    unlinked: list[tuple[int, str, list[str]]] = field(default_factory=list)


def column_of_services(slug: str = "") -> Column:
    """Return the column named, or the first public one of type 办事服务. Raises Refused when there is none."""
    columns = Column.objects.filter(column_type=ColumnType.SERVICES, live=True).order_by("path")
    found: Column | None = (columns.filter(slug=slug) if slug else columns).first()
    if found is None:
        said = (
            _("本站没有网址为“%(slug)s”的“办事服务”栏目。")
            if slug
            else _("本站没有公开的“办事服务”栏目，请站点管理员先建立。")
        )
        raise Refused(said % {"slug": slug})
    return found


def import_services(
    path: Path,
    filename: str,
    *,
    column: Column,
    acting_user: User,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Brought:
    """Make a draft of each row of the table at ``path`` in ``column``. A row that cannot be taken keeps none back.

    Raises Refused when the person may not write there, or the file is no such table.
    """
    _require_editor(acting_user, column)
    table = read_table(path, filename, sheet=SHEET, headings=HEADINGS.values())
    if not table:
        raise Refused(_("表格是空的。"))
    names = _names_of(table[0][1])
    rows = table[1:]
    if len(rows) > MOST:
        raise Refused(
            _("表格有 %(count)d 行，一次最多 %(most)d 行，请分几份导入。") % {"count": len(rows), "most": MOST}
        )
    brought, known = Brought(notes=table.notes), public_numbers()
    for done, (line, cells) in enumerate(rows, 1):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        title = row.get("title", "")
        try:
            if line in table.bad:
                raise _Row(table.bad[line])
            policies, unlinked = documents_named(row.get("basis", ""), known)
            made = _make_draft(row, column, acting_user, line=line, filename=filename, policies=policies)
            brought.items.append((line, made))
            if unlinked:
                brought.unlinked.append((line, title, unlinked))
        except _Row as refusal:
            brought.failed.append((line, title, [str(reason) for reason in refusal.reasons]))
        progress(done, len(rows))
    return brought


# --- inside ------------------------------------------------------------------------------


def _require_editor(user: User, column: Column) -> None:
    if not may_on_content(user, ADD):
        raise Refused(_("%(user)s 在本站没有编辑角色，不能导入办事指南。") % {"user": user})
    if reasons := reasons_against_writing_at(user, column):
        raise Refused(reasons)


def _names_of(headings: Sequence[str]) -> list[str]:
    """Return the field of each column, '' for one that is none of ours. Raises Refused without 事项名称."""
    by_heading = {heading: name for name, heading in HEADINGS.items()}
    names = [by_heading.get("".join(heading.split()).strip("*＊"), "") for heading in headings]
    if "title" not in names:
        raise Refused(_("表格没有“事项名称”一列。可以先下载空白表格，按它的表头填写。"))
    twice = {HEADINGS[name] for name in names if name and names.count(name) > 1}
    if twice:
        raise Refused(_("表头里“%(heading)s”出现了不止一次。") % {"heading": "”“".join(sorted(twice))})
    return names


def _make_draft(
    row: Mapping[str, str], column: Column, acting_user: User, *, line: int, filename: str, policies: Sequence[int]
) -> ServiceItem:
    named = [{"type": "policy", "value": number, "id": str(uuid4())} for number in policies]
    page = ServiceItem(**_values_of(row), policies=named)
    page.source = column.default_source or page.organisation
    page.repostable, page.owner = True, acting_user
    _check_fields(page)
    with acting(acting_user, pages=[column.pk]):
        _require_editor(acting_user, column)
        _refuse_known(page, column)
        Column.objects.get(pk=column.pk).add_child(instance=page)
        revision = page.save_revision(user=acting_user, clean=False)
        log(instance=page, action="wagtail.create", user=acting_user, revision=revision, content_changed=True)
        detail = {"file": filename, "line": line, "column": column.slug, "revision": revision.pk}
        record_act("service.import", acting_user=acting_user, obj=page, detail=detail)
    return page


def _values_of(row: Mapping[str, str]) -> dict[str, Any]:
    faults, values = [], fields_of_row(row)
    if not values.get("title"):
        faults.append(_("“事项名称”是空的。"))
    for name in CHOICES:
        word = row.get(name, "")
        if not word:
            continue
        if (code := code_of(name, word)) is None:
            known = "、".join(str(label) for label in CHOICES[name].labels)
            told = {"heading": HEADINGS[name], "word": word, "known": known}
            faults.append(_("“%(heading)s”写的是“%(word)s”，只能是：%(known)s。") % told)
        else:
            values[name] = code
    if faults:
        raise _Row(faults)
    return values


def _check_fields(page: ServiceItem) -> None:
    """Raise Refused with what the columns of the database would not hold, by heading."""
    faults = []
    for name, heading in HEADINGS.items():
        try:
            page._meta.get_field(name).clean(getattr(page, name), page)  # type: ignore[union-attr]
        except ValidationError as problem:
            if getattr(page, name):
                faults += [
                    _("“%(heading)s”：%(fault)s") % {"heading": heading, "fault": one} for one in problem.messages
                ]
    if faults:
        raise _Row(faults)


def _refuse_known(page: ServiceItem, column: Column) -> None:
    known = ServiceItem.objects.filter(item_code=page.item_code).first() if page.item_code else None
    if known is None and not page.item_code:
        known = ServiceItem.objects.child_of(column).filter(title=page.title).first()
    if known is not None:
        raise _Row(
            _("已有同一事项：页面 %(id)d“%(title)s”。请直接编辑该页面，或在表中删去这一行。")
            % {"id": known.pk, "title": known.title}
        )
