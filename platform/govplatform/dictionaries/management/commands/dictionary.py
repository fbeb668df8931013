"""The verb ``dictionary``: import or export the platform's dictionary, or with ``--site`` that of a site."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.dictionaries.actions import export_words, import_words, read_words
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_REFUSED, VerbCommand
from govplatform.whole_files import write_whole_file


class Command(VerbCommand):
    help = "Import or export a dictionary of wrong expressions and sensitive words (CSV, XLSX)."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["import", "export"], help="import or export")
        parser.add_argument("file", metavar="FILE", help="*.csv (UTF-8, GB18030) or *.xlsx")
        parser.add_argument("--site", metavar="CODE", help="the site's own dictionary; without: the platform's")
        parser.add_argument("--as", dest="acting", metavar="USER")
        parser.add_argument("--replace", action="store_true", help="retire words that the file does not name")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument("--skip-bad", action="store_true", help="import the good rows of a file with faults")

    def run(self, **options: Any) -> dict[str, Any]:
        importing = options["act"] == "import"
        if options["replace"] and options["skip_bad"]:
            raise CommandError(_("--replace 与 --skip-bad 不能同时使用：有误的行对应的词语会被停用。"))
        if not importing and (options["replace"] or options["skip_bad"] or options["dry_run"]):
            raise CommandError(_("--replace、--skip-bad、--dry-run 只用于导入。"))
        with schema_context("public"):
            tenant = get_tenant(options["site"]) if options["site"] else None
            acting_user = get_user(options["acting"]) if options["acting"] else None
            path = Path(options["file"])
            if not importing:
                content, count = export_words(tenant, path.suffix.lower().lstrip("."), acting_user=acting_user)
                write_whole_file(path, [content])
                return {"file": str(path), "words": count}
            rows, faults, notes = read_words(path, path.name)
            plan = import_words(
                tenant,
                rows,
                faults,
                acting_user=acting_user,
                replace=options["replace"],
                skip_bad=options["skip_bad"],
                dry_run=options["dry_run"],
                filename=path.name,
            )
        result = {**plan.as_result(), "notes": list(notes)}
        if plan.faults and not options["skip_bad"]:
            count = len({fault.line for fault in plan.faults})
            nothing = dict.fromkeys(("added", "changed", "retired", "unchanged"), 0)
            reason = _("有 %(count)s 行有误，没有导入任何词语。请改正后重试，或用 --skip-bad 跳过这些行。") % {
                "count": count
            }
            result = {**result, **nothing, "refused": [reason]}
        return result

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_REFUSED if result.get("refused") else 0

    def describe(self, result: dict[str, Any]) -> str:
        if "words" in result:
            return _("%(file)s：导出 %(words)s 个词语") % {"file": result["file"], "words": result["words"]}
        names = {"added": _("新增"), "changed": _("修改"), "retired": _("停用"), "unchanged": _("未变")}
        lines = ["，".join(f"{label} {result[name]}" for name, label in names.items())]
        lines += result["notes"]
        for fault in result["skipped"]:
            of_column = _("第 %(line)s 行“%(column)s”：%(reason)s")
            lines.append((of_column if fault["column"] else _("第 %(line)s 行：%(reason)s")) % fault)
        return "\n".join(
            [*lines, *(_("拒绝：%(reason)s") % {"reason": reason} for reason in result.get("refused", []))]
        )
