"""The command ``import_documents``: import files as drafts on a column of a site."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_now
from govplatform.review.gate.status import IN_REVIEW
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_REFUSED, VerbCommand
from sites.columns.actions import find_column
from sites.documents_in.actions import ImportedPage, import_document, start_batch
from sites.documents_in.originals import readable_name
from sites.documents_in.queries import differences_of


class Command(VerbCommand):
    help = "Import .txt, .html, .docx and .pdf files as drafts."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--column", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--submit", action="store_true", help="submit each draft for review")
        parser.add_argument("--again", action="store_true", help="import a file that was imported before")
        parser.add_argument("files", nargs="+", metavar="FILE", help="document to import; several may be named")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        acting_user = get_user(options["acting"])
        files: list[str] = options["files"]
        pages: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        with tenant_context(tenant):
            column = find_column(options["column"])
            batch = start_batch(column, acting_user=acting_user, submit=options["submit"])
            for number, given in enumerate(files, start=1):
                shown = readable_name(given)
                self.progress(number - 1, len(files), shown)
                try:
                    imported = import_document(
                        Path(given),
                        filename=Path(given).name,
                        column=column,
                        acting_user=acting_user,
                        again=options["again"],
                        batch=batch,
                    )
                except Refused as refusal:
                    failed.append({"file": shown, "reason": "".join(refusal.reasons)})
                else:
                    if imported.status == IN_REVIEW:
                        self._scan(shown, imported, acting_user)
                    pages.append(_describe(shown, imported))
                    for reason in imported.reasons:
                        self.stderr.write(_("%(shown)s：未能送审：%(reason)s") % {"shown": shown, "reason": reason})
            self.progress(len(files), len(files))
        return {"pages": pages, "failed": failed}

    def _scan(self, shown: str, imported: ImportedPage, acting_user: User) -> None:
        """Scan the submitted page at once, so that a review by command need not wait for a worker.

        A failed scan is reported and keeps the page only from being approved.
        """
        try:
            scan_now(imported.page, acting_user=acting_user)
        except Refused as refusal:
            self.stderr.write(f"{shown}：{''.join(refusal.reasons)}")

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_REFUSED if result["failed"] else 0

    def describe(self, result: dict[str, Any]) -> str:
        lines = [line for page in result["pages"] for line in _lines_on(page)]
        return "\n".join(
            lines
            + [
                _("%(file)s：未导入：%(reason)s") % {"file": entry["file"], "reason": entry["reason"]}
                for entry in result["failed"]
            ]
        )


def _lines_on(page: dict[str, Any]) -> list[str]:
    lines = [f"{page['file']}：{page['id']}  {page['status']}  {page['title']}"]
    compared = page["compared"]
    if compared["missing"] or compared["added"] or compared["moved"]:
        lines.append(
            _("  与原件对照（共 %(characters)d 字）：缺少 %(missing)d 字，多出 %(added)d 字，次序变动 %(moved)d 字")
            % compared
        )
    lines += [f"    {what}  {place}  {count}  {words}" for what, place, count, words in page["differences"]]
    if compared["must_look"]:
        lines.append(_("  差别较大：请对照原件，用 confirm_import %(id)d 确认后再送审。") % page)
    return lines


def _describe(given: str, imported: ImportedPage) -> dict[str, Any]:
    return {
        "id": imported.page.pk,
        "file": given,
        "title": imported.page.title,
        "document_number": imported.recognised["document_number"],
        "issued_by": imported.recognised["issued_by"],
        "issued_on": imported.recognised["issued_on"],
        "status": imported.status,
        "compared": {
            name: imported.item.compared[name] for name in ("characters", "missing", "added", "moved", "must_look")
        },
        "differences": [list(one) for one in differences_of(imported.item)],
    }
