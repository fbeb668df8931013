"""Scan again what is public already, by the present scanner, rule pack and dictionary."""

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from govplatform.refusals import Refused
from govplatform.review.rescans.actions import rescan_sites
from govplatform.review.rescans.queries import describe_run, sites_to_rescan
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Scan every live page with its attachments by the present rules; what is done already is skipped."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--site", metavar="CODE")
        which.add_argument("--all", action="store_true", help="every site, one after the other")
        parser.add_argument("--since", metavar="DATE", default="", help="only what was published since, YYYY-MM-DD")

    def run(self, **options: Any) -> dict[str, Any]:
        since = self._day(options["since"])
        answers = rescan_sites(
            sites_to_rescan(options["site"]),
            since=since,
            progress=lambda run, title: self.progress(run.done_pages, run.pages, f"{run.new} 处新发现  {title[:30]}"),
        )
        if options["site"] and answers[0].reasons:
            raise Refused(answers[0].reasons)
        sites: list[dict[str, Any]] = []
        for answer in answers:
            if answer.run is not None:
                sites.append(describe_run(answer.run, answer.tenant))
            elif answer.reasons:
                sites.append({"site": answer.tenant.code, "refused": list(answer.reasons)})
            else:
                sites.append({"site": answer.tenant.code, "error": answer.error})
        return {"sites": sites}

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if any("error" in site for site in result["sites"]) else 0

    def _day(self, text: str) -> date | None:
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise CommandError(f"--since 应为日期，写成 2026-11-22 的样子：{text}") from error

    def describe(self, result: dict[str, Any]) -> str:
        lines = []
        for site in result["sites"]:
            if "refused" in site:
                lines.append(f"{site['site']}：{'；'.join(site['refused'])}")
                continue
            if "error" in site:
                lines.append(f"{site['site']}：未能扫描：{site['error']}")
                continue
            lines.append(
                f"{site['site']}：{site['pages']} 页，扫描 {site['scanned']}，已扫描过 {site['skipped']}，"
                f"未能扫描 {site['failed']}；发现 {site['findings']} 处，其中新发现 {site['new']} 处"
            )
            lines += [f"  {item['page']} {item['title']}：{item['reason']}" for item in site["failures"]]
        return "\n".join(lines)
