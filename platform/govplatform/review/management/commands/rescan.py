"""The verb ``rescan``: scan again what is public already, by the present scanner, rule pack and dictionary."""

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

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
            progress=lambda run, title: self.progress(
                run.done_pages, run.pages, _("%(new)s 处新发现  %(title)s") % {"new": run.new, "title": title[:30]}
            ),
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
            raise CommandError(_("--since 应为日期，写成 2026-11-22 的样子：%(text)s") % {"text": text}) from error

    def describe(self, result: dict[str, Any]) -> str:
        lines = []
        for site in result["sites"]:
            if "refused" in site:
                lines.append(f"{site['site']}：{'；'.join(site['refused'])}")
                continue
            if "error" in site:
                lines.append(_("%(site)s：未能扫描：%(error)s") % site)
                continue
            lines.append(
                _(
                    "%(site)s：%(pages)s 页，扫描 %(scanned)s，已扫描过 %(skipped)s，"
                    "未能扫描 %(failed)s；发现 %(findings)s 处，其中新发现 %(new)s 处"
                )
                % site
            )
            lines += [f"  {item['page']} {item['title']}：{item['reason']}" for item in site["failures"]]
        return "\n".join(lines)
