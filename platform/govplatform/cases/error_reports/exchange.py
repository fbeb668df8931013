"""Import and export in the form of the national platform: nothing is typed twice, answers are written back."""

from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CLERK
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.spreadsheets.reading import read_table
from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.models import Tenant

from ..clock import acceptance_due
from ..codes import new_nonce
from ..models import Case, ErrorReport
from ..queries import desk_of
from .intake import submit_error
from .queries import CHOICES, reports_of_desk
from .table import HEADINGS, KNOWN_HEADINGS, SHEET, WIDTHS, Fault, Row, as_cells, read_headings, read_row

#: Rows of one import, and of one export.
MOST_IN, MOST_OUT = 2_000, 20_000


@dataclass(frozen=True)
class Imported:
    """What became of the rows. ``cases``: (line, the case, number of the national platform); ``known``: imported before
    and left as they are, (line, number of the national platform, number here).
    """

    cases: tuple[tuple[int, Case, str], ...]
    known: tuple[tuple[int, str, str], ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def reasons_against_exchanging(user: User, desk: Tenant) -> list[str]:
    """Why ``user`` may not import or export the reports of ``desk``."""
    if not has_role(user, CLERK.code, desk):
        told = {"user": user, "site": desk.full_name}
        return [_("%(user)s 不是“%(site)s”的受理员，不能导入、导出纠错。") % told]
    if desk_of(desk) != desk:
        told = {"site": desk.full_name, "desk": desk_of(desk).full_name}
        return [_("“%(site)s”的纠错由“%(desk)s”统一受理，请在那里导入、导出。") % told]
    return []


def import_reports(desk: Tenant, path: Path, *, filename: str, acting_user: User) -> Imported:
    """Take in each row of the table that can be taken, once; the others are told with their line. Raises Refused.

    The limits run from when a report came in at the national platform.
    """
    with tenant_context(desk):
        _require(acting_user, desk)
        table = read_table(path, filename, sheet=SHEET, headings=KNOWN_HEADINGS)
        names = read_headings(table)
        if len(table) - 1 > MOST_IN:
            raise Refused(_("一次最多导入 %(most)d 行，请拆分成几份。") % {"most": MOST_IN})
        read = {line: read_row(line, names, cells) for line, cells in table[1:]}
        faults = [Fault(line, "", reason) for line, reason in table.bad.items()]
        rows: list[Row] = []
        for line, one in read.items():
            if isinstance(one, Row):
                if line not in table.bad:
                    rows.append(one)
            else:
                faults += one
        with acting(acting_user, on=desk):
            _require(acting_user, desk)
            cases, known = _enter(desk, rows)
            detail = {"file": filename[:255], "rows": len(cases), "known": len(known), "faults": len(faults)}
            record_act("case.imported", acting_user=acting_user, obj=desk, detail=detail)
    return Imported(tuple(cases), tuple(known), tuple(sorted(faults, key=lambda one: one.line)), table.notes)


def export_reports(desk: Tenant, kind: str, *, acting_user: User, choice: str = "all") -> tuple[bytes, int]:
    """Return the file ("csv" or "xlsx") and its number of reports. ``choice``: one of CHOICES. Raises Refused."""
    if kind not in ("csv", "xlsx") or choice not in CHOICES:
        raise Refused(_("导出的文件是 CSV 或 XLSX，范围是全部、未办结、超期或国家平台转来的。"))
    with tenant_context(desk), acting(acting_user, on=desk):
        _require(acting_user, desk)
        found = list(reports_of_desk(desk, choice)[: MOST_OUT + 1])
        if len(found) > MOST_OUT:
            raise Refused(_("超过 %(most)d 件，请缩小范围后导出。") % {"most": MOST_OUT})
        content = write_table([list(HEADINGS.values()), *map(as_cells, found)], kind, sheet=SHEET, widths=WIDTHS)
        detail = {"kind": kind, "choice": choice, "rows": len(found)}
        record_act("case.exported", acting_user=acting_user, obj=desk, detail=detail)
    return content, len(found)


# --- inside ------------------------------------------------------------------------------


def _require(user: User, desk: Tenant) -> None:
    if reasons := reasons_against_exchanging(user, desk):
        raise Refused(reasons)


def _enter(desk: Tenant, rows: list[Row]) -> tuple[list[tuple[int, Case, str]], list[tuple[int, str, str]]]:
    cases, known = [], []
    for row in rows:
        here = ErrorReport.objects.filter(national_number=row.national_number).select_related("case").first()
        if here is None:
            try:
                with transaction.atomic():
                    cases.append((row.line, _take(desk, row), row.national_number))
                continue
            except IntegrityError:
                # Another desk was first.
                here = ErrorReport.objects.select_related("case").get(national_number=row.national_number)
        known.append((row.line, row.national_number, here.case.number))
    return cases, known


def _take(desk: Tenant, row: Row) -> Case:
    case = submit_error(row.letter, desk, nonce=new_nonce(), desk=desk).case
    case.submitted_at = row.submitted_at
    case.accept_due = acceptance_due(case.kind, desk, row.submitted_at)
    case.save(update_fields=["submitted_at", "accept_due"])
    ErrorReport.objects.filter(case=case).update(national_number=row.national_number, national_at=row.submitted_at)
    return case
