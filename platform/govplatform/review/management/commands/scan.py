"""The verb ``scan``: look for what must not become public, in files from anywhere or in a page with attachments."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.confidentiality.scanning.settings import ScanSettings
from govplatform.system_words import system_words
from govplatform.verbs import VerbCommand

SEVERITY_WORDS = {"block": _l("必须处理"), "warn": _l("需要判断"), "info": _l("提示")}
STATE_WORDS = {"queued": _l("排队中"), "running": _l("扫描中"), "done": _l("已完成"), "failed": _l("失败")}


class Command(VerbCommand):
    help = "Scan files (no site, no database needed) or a page with its attachments for what must not become public."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--file", nargs="+", metavar="PATH", dest="paths", help="files to scan")
        what.add_argument("--page", type=int, metavar="ID", help="a page of --site")
        parser.add_argument("--site", metavar="CODE")
        parser.add_argument("--rule-pack", metavar="NAME", default="", help="thresholds for --file (default: national)")
        parser.add_argument(
            "--dictionary", metavar="FILE", default="", help="words for --file: a CSV of the console's export"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        if options["paths"] is None:
            if not options["site"]:
                raise CommandError(_("--page 须与 --site CODE 一起使用。"))
            if options["rule_pack"] or options["dictionary"]:
                raise CommandError(
                    _("--rule-pack 和 --dictionary 只用于 --file；站点页面按站点自己的规则包和词库扫描。")
                )
            from govplatform.review.gate.scans import scan_page_verb

            return scan_page_verb(options["site"], options["page"])
        if options["site"]:
            raise CommandError(_("--file 不能与 --site 一起使用。"))
        return self.scan_files([Path(path) for path in options["paths"]], self.settings_of(options))

    def scan_files(self, paths: list[Path], settings: ScanSettings) -> dict[str, Any]:
        from govplatform.confidentiality.scanning.files import readable_name, scan_file_guarded

        if missing := [readable_name(str(path)) for path in paths if not path.is_file()]:
            raise CommandError(_("没有这个文件：%(files)s") % {"files": "、".join(missing)})
        files = []
        for number, path in enumerate(paths):
            self.progress(number, len(paths), readable_name(path.name))
            try:
                answer = scan_file_guarded(path, path.name, settings, with_parts=False)
            except OSError as error:
                raise CommandError(
                    _("文件打不开：%(path)s（%(error)s）") % {"path": path, "error": system_words(error)}
                ) from error
            files.append(
                {"file": readable_name(str(path)), "readable": answer["readable"], "findings": answer["findings"]}
            )
        self.progress(len(paths), len(paths))
        return {"files": files}

    def settings_of(self, options: dict[str, Any]) -> ScanSettings:
        from govplatform.review.findings.scan_options import settings_for_files

        return settings_for_files(options["rule_pack"], options["dictionary"])

    def describe(self, result: dict[str, Any]) -> str:
        lines: list[str] = []
        for entry in result.get("files", []):
            state = "" if entry["readable"] else _("（无法完整读取）")
            count = {"file": f"{entry['file']}{state}", "count": len(entry["findings"])}
            lines.append(_("%(file)s：发现 %(count)s 处") % count)
            for finding in entry["findings"]:
                severity = SEVERITY_WORDS.get(finding["severity"], finding["severity"])
                lines.append(f"  [{severity}] {finding['rule']}  {finding['where']}  {finding['excerpt']}".rstrip())
                if finding.get("message"):
                    lines.append(f"      {_(finding['message'])}")
        if "digest" in result:
            state = STATE_WORDS.get(result["state"], result["state"])
            lines.append(_("内容摘要：%(digest)s（%(state)s）") % {"digest": result["digest"], "state": state})
        if result.get("failure"):
            lines.append(_("扫描失败：%(failure)s") % {"failure": result["failure"]})
        return "\n".join(lines)
