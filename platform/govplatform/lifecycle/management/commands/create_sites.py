"""The verb ``create_sites``: open many sites from one table.

All rows are checked first, then opened in parallel. Started again after it was broken off, it goes on where it stopped.
"""

import os
import signal
import unicodedata
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.batches.actions import keep_batch, read_sites, start_batch
from govplatform.lifecycle.batches.checking import CheckedRow, check_rows
from govplatform.lifecycle.batches.queries import BatchProgress, batch_progress, refused_rows, spoken_pace
from govplatform.lifecycle.batches.running import run_batch, work_through
from govplatform.lifecycle.batches.table import SiteTable, faults_file, template_file
from govplatform.lifecycle.models import SiteBatch
from govplatform.refusals import Refused
from govplatform.serving.child import die_with_parent
from govplatform.spreadsheets.reading import FORMATS
from govplatform.system_words import system_words
from govplatform.verbs import EXIT_FAULTS, VerbCommand

#: The server's process behind a connection keeps what it knows of every table that it made: after some hundred sites it
#: needs twice the time for each and hundreds of megabytes.
_SITES_A_CONNECTION = 20


class Command(VerbCommand):
    help = "Open many sites from a table (CSV, XLSX), or write an empty table."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE", help="*.csv (UTF-8, GB18030) or *.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="check all rows, open nothing")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at once")
        parser.add_argument("--as", dest="acting", metavar="USER", help="the operator on whose behalf sites are opened")
        parser.add_argument("--template", metavar="FILE", help="write an empty table with an example (csv, xlsx)")
        parser.add_argument("--faulty", metavar="FILE", help="write the rows at fault, to be corrected (csv, xlsx)")
        parser.add_argument("--work-on", type=int, metavar="BATCH", help="take part in a run; used by the verb itself")
        parser.add_argument("--follow", type=int, metavar="PID", help="end with this process; used by the verb itself")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["work_on"]:
            return _work_on(options["work_on"], options["follow"])
        if options["template"]:
            _write(options["template"], template_file(_kind_of(options["template"])))
            return {"template": options["template"]}
        if not options["file"]:
            raise CommandError(_("请给出表格文件，或用 --template FILE 生成一份空表。"))
        if options["workers"] < 1:
            raise CommandError(_("--workers 至少为 1。"))
        if options["faulty"]:
            _kind_of(options["faulty"])
        path = Path(options["file"])
        acting_user = get_user(options["acting"]) if options["acting"] else None
        table = read_sites(path, path.name)
        if options["dry_run"]:
            checked = check_rows(table.rows)
            return self._report(table, checked, options)
        batch, checked = keep_batch(table, path.name, acting_user=acting_user)
        report = self._report(table, checked, options)
        if report["faults"]:
            return report
        start_batch(batch, acting_user=acting_user)
        progress = batch_progress(batch)
        if progress.waiting:
            progress = run_batch(batch, workers=options["workers"], watch=self._show)
        refused = refused_rows(batch)
        if options["faulty"] and refused:
            kind = _kind_of(options["faulty"])
            rows = [(row.line, row.given, [fault["reason"] for fault in row.faults]) for row in refused]
            _write(options["faulty"], faults_file(rows, kind))
        return {
            **report,
            "batch": batch.pk,
            "opened": progress.done,
            "refused": progress.refused,
            "faults": [fault for row in refused for fault in row.faults],
        }

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("faults") else 0

    def _report(self, table: SiteTable, checked: list[CheckedRow], options: dict[str, Any]) -> dict[str, Any]:
        faults = [*table.faults, *(fault for one in checked for fault in one.faults)]
        if options["faulty"] and any(one.faults for one in checked):
            rows = [(one.row.line, one.row.given, _reasons(one)) for one in checked if one.faults]
            _write(options["faulty"], faults_file(rows, _kind_of(options["faulty"])))
        states = [one.state for one in checked]
        return {
            "file": options["file"],
            "rows": len(checked),
            "to_open": states.count("waiting"),
            "same": [one.row.given["code"] for one in checked if one.state == "same"],
            "examples": table.examples,
            "notes": list(table.notes),
            "faults": [fault.as_dict() for fault in faults],
        }

    def _show(self, progress: BatchProgress) -> None:
        self.progress(progress.tried, progress.to_open, spoken_pace(progress))

    def describe(self, result: dict[str, Any]) -> str:
        if "rows" not in result:
            return _("已写出空表：%(file)s") % {"file": result["template"]} if "template" in result else ""
        lines = [
            _("%(rows)d 行：待开设 %(new)d，已经开设、内容相同而略过 %(same)d，有误 %(faulty)d。")
            % {
                "rows": result["rows"],
                "new": result["to_open"],
                "same": len(result["same"]),
                "faulty": len({fault["row"] for fault in result["faults"]}) if "opened" not in result else 0,
            }
        ]
        if result["examples"]:
            lines.append(_("第 %(line)d 行是示例，已略过。") % {"line": result["examples"][0]})
        lines += result["notes"]
        if "opened" in result:
            lines.append(
                _("已开设 %(opened)d 个站点，未能开设 %(refused)d 个。")
                % {"opened": result["opened"], "refused": result["refused"]}
            )
        elif result["faults"]:
            lines.append(_("没有开设任何站点。请改正后重新执行；已经开设的会自动略过。"))
        if result["faults"]:
            cells = [[_("行"), _("列"), _("问题")]]
            cells += [[str(fault["row"]), fault["column"], fault["reason"]] for fault in result["faults"]]
            lines += ["", *aligned(cells)]
        return "\n".join(lines)


def aligned(rows: list[list[str]]) -> list[str]:
    """Return the lines of a table for a terminal; ``rows``: texts of the cells.

    A Chinese character takes two columns.
    """
    widths = [max(_width(row[number]) for row in rows) for number in range(len(rows[0]))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _reasons(one: CheckedRow) -> list[str]:
    return [f"{fault.column}：{fault.reason}" if fault.column else fault.reason for fault in one.faults]


def _kind_of(name: str) -> str:
    kind = Path(name).suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise CommandError(_("文件名应以 .csv 或 .xlsx 结尾。"))
    return kind


def _write(name: str, content: bytes) -> None:
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise Refused(_("无法写入 %(file)s：%(reason)s。") % {"file": name, "reason": system_words(error)}) from error


def _work_on(batch_id: int, parent: int | None) -> dict[str, Any]:
    """One of the processes that ``run_batch`` starts: it ends with its parent, and never in the middle of a site."""
    asked_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked_to_stop.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent:
        die_with_parent(parent)
    opened: list[int] = []

    def after_each() -> None:
        opened.append(1)
        if len(opened) % _SITES_A_CONNECTION == 0:
            connection.close()

    batch = SiteBatch.objects.select_related("started_by").get(pk=batch_id)
    work_through(batch, may_go_on=lambda: not asked_to_stop, after_each=after_each)
    return {"opened_here": len(opened)}
