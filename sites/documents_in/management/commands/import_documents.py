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
from sites.columns.models import Column
from sites.documents_in.actions import import_document, start_batch
from sites.documents_in.card_fields import LABELS
from sites.documents_in.corrections import read_corrections, read_settings, require_all_used
from sites.documents_in.drafting import ImportedPage
from sites.documents_in.originals import readable_name
from sites.documents_in.queries import differences_of
from sites.documents_in.trying import AskedFile, lay_enclosed, try_files


class Command(VerbCommand):
    help = "Import .txt, .html, .docx and .pdf files as drafts."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--column", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument(
            "--submit",
            action="store_true",
            help="submit each draft for review; one that may not be stays a draft, with the reason (status 3)",
        )
        parser.add_argument("--again", action="store_true", help="import a file that was imported before")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is recognised in each file and keep nothing"
        )
        parser.add_argument(
            "--set",
            dest="set_fields",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="take the place of what is recognised: title, document_number, issued_by, issued_on, source",
        )
        parser.add_argument(
            "--corrections",
            type=Path,
            metavar="TABLE",
            help="CSV or XLSX with a column file and columns named like the fields of --set, a row for each file",
        )
        parser.add_argument(
            "--enclose",
            action="store_true",
            help="files that another one names as its enclosures become attachments of its draft",
        )
        parser.add_argument("files", nargs="+", metavar="FILE", help="document to import; several may be named")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        acting_user = get_user(options["acting"])
        files: list[str] = options["files"]
        names = [Path(given).name for given in files]
        settings = read_settings(options["set_fields"])
        corrections = read_corrections(options["corrections"]) if options["corrections"] else {}
        require_all_used(corrections, names)
        if "title" in settings and len(files) > 1:
            raise Refused(_("几个文件不能用同一个标题；请用 --corrections 给每个文件分别写明。"))
        asked = [
            AskedFile(readable_name(given), Path(given), {**settings, **corrections.get(name, {})})
            for given, name in zip(files, names, strict=True)
        ]
        with tenant_context(tenant):
            column = find_column(options["column"])
            if options["dry_run"]:
                return self._try(asked, column, acting_user)
            return self._import(asked, column, acting_user, options)

    def _try(self, asked: list[AskedFile], column: Column, acting_user: User) -> dict[str, Any]:
        tried = try_files(asked, column, acting_user=acting_user, progress=self.progress)
        return {"dry_run": True, "files": tried, "failed": [one for one in tried if "reason" in one]}

    def _import(
        self, asked: list[AskedFile], column: Column, acting_user: User, options: dict[str, Any]
    ) -> dict[str, Any]:
        batch = start_batch(column, acting_user=acting_user, submit=options["submit"])
        if options["enclose"]:
            asked = lay_enclosed(batch, asked, acting_user=acting_user)
        pages: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for number, one in enumerate(asked, start=1):
            self.progress(number - 1, len(asked), one.shown)
            try:
                imported = import_document(
                    one.path,
                    filename=one.path.name,
                    column=column,
                    acting_user=acting_user,
                    again=options["again"],
                    batch=batch,
                    typed=one.typed,
                    item=one.item,
                )
            except Refused as refusal:
                failed.append({"file": one.shown, "reason": "".join(refusal.reasons)})
            else:
                if imported.status == IN_REVIEW:
                    self._scan(one.shown, imported, acting_user)
                pages.append(_describe(one.shown, imported))
                for reason in imported.reasons:
                    self.stderr.write(_("%(shown)s：未能送审：%(reason)s") % {"shown": one.shown, "reason": reason})
        self.progress(len(asked), len(asked))
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
        kept = any(page["not_submitted"] for page in result.get("pages", []))
        return EXIT_REFUSED if result["failed"] or kept else 0

    def describe(self, result: dict[str, Any]) -> str:
        lines = [line for page in result.get("pages", []) for line in _lines_on(page)]
        lines += [line for tried in result.get("files", []) if "reason" not in tried for line in _lines_of_try(tried)]
        return "\n".join(
            lines
            + [
                _("%(file)s：未导入：%(reason)s") % {"file": entry["file"], "reason": entry["reason"]}
                for entry in result["failed"]
            ]
        )


def _lines_of_try(tried: dict[str, Any]) -> list[str]:
    nothing = _("（未识别）")
    shown = [f"{label}：{tried['values'][name] or nothing}" for name, label in LABELS.items()]
    lines = [_("%(file)s：没有建稿，识别结果如下") % tried, *[f"  {line}" for line in shown]]
    lines += [_("  附件：%(name)s") % {"name": name} for name in tried["enclosures"]]
    lines += [f"  {alike}" for alike in tried["alike"]]
    if tried["lacking"]:
        lines.append(_("  缺%(names)s，不能从导入送审。") % {"names": "、".join(tried["lacking"])})
    return lines + [f"  ! {warning}" for warning in tried["warnings"]]


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
        "not_submitted": imported.reasons,
        "compared": {
            name: imported.item.compared[name] for name in ("characters", "missing", "added", "moved", "must_look")
        },
        "attachments": [part.filename for part in imported.item.enclosed.order_by("pk")],
        "differences": [list(one) for one in differences_of(imported.item)],
    }
