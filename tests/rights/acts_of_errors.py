"""Reports of errors; on site alpha, which takes in, answers and corrects."""

from pathlib import Path
from tempfile import mkdtemp

from govplatform.cases.codes import new_nonce
from govplatform.cases.error_reports import acts, exchange
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.error_reports.table import HEADINGS, NEEDED
from govplatform.cases.models import Case
from govplatform.review.queries import site_path
from govplatform.spreadsheets.writing import write_table
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.interaction import correcting
from sites.interaction.assigning import assign
from tests import factories

from .acts import Doing, act


def error(*, corrected: bool = False) -> Case:
    """A report of a live page of alpha, passed to alpha; ``corrected``: with its correction open."""
    alpha = get_tenant("alpha")
    create_column("letters", title="互动交流", column_type="complaints", acting_user=None)
    address = public_url(alpha, site_path(factories.live_article()))
    case = submit_error(read_error("content", address, "有一个错字。"), alpha, nonce=new_nonce()).case
    assign(case, alpha, acting_user=factories.user("alpha_clerk"))
    case = Case.objects.select_related("desk", "organisation", "handler").get(pk=case.pk)
    if corrected:
        correcting.open_correction(case, acting_user=factories.user("alpha_editor"))
    return case


def error_table(folder: Path) -> Path:
    """A table of the national platform with one report."""
    rows = [[HEADINGS[name] for name in NEEDED], ["n-1", "http://alpha.localhost/", "错别字", "错字。", "2026-03-02"]]
    path = folder / "table.csv"
    path.write_bytes(write_table(rows, "csv", sheet="", widths=[]))
    return path


@act("sites.interaction.correcting.open_correction", may="alpha_editor")
def _open() -> Doing:
    case = error()
    return lambda who: correcting.open_correction(case, acting_user=who)


@act("sites.interaction.correcting.prepare_answer", may="alpha_editor")
def _prepare() -> Doing:
    case = error(corrected=True)
    return lambda who: correcting.prepare_answer(case, "已经改正。", acting_user=who)


@act("sites.interaction.correcting.drop_correction", may="alpha_editor")
def _drop() -> Doing:
    case = error(corrected=True)
    return lambda who: correcting.drop_correction(case, acting_user=who)


@act("govplatform.cases.error_reports.acts.hide_report", may="alpha_clerk")
def _hide() -> Doing:
    case = error()
    return lambda who: acts.hide_report(case, case.desk, acting_user=who, reason="涉及个人隐私。")


@act("govplatform.cases.error_reports.exchange.export_reports", may="alpha_clerk")
def _export() -> Doing:
    desk = get_tenant("alpha")
    return lambda who: exchange.export_reports(desk, "csv", acting_user=who)


@act("govplatform.cases.error_reports.exchange.import_reports", may="alpha_clerk")
def _import() -> Doing:
    desk = get_tenant("alpha")
    path = error_table(Path(mkdtemp()))
    return lambda who: exchange.import_reports(desk, path, filename=path.name, acting_user=who)
