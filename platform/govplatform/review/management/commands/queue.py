"""The verb ``queue``: what waits for a reviewer, over all sites."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.review.submission.followups import open_followups
from govplatform.review.submission.queue import QueueFilter, waiting_reviews
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the reviews that wait for a person, earliest deadline first, and what is to be looked at again."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--site", default="", metavar="CODE")
        parser.add_argument("--step", default="", help="code of the step")
        parser.add_argument("--column", default="", metavar="TITLE", help="title of the column")
        parser.add_argument("--words", default="", help="words of the title")
        parser.add_argument("--late", action="store_true", help="only what is late")
        parser.add_argument("--mine", action="store_true", help="claimed by or handed to the person, deputies included")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        wanted = QueueFilter(**{name: options[name] for name in ("site", "step", "column", "words", "late", "mine")})
        again = [item for item in open_followups(user) if options["site"] in ("", item.tenant.code)]
        return {
            "waiting": [
                {
                    "site": item.tenant.code,
                    "page": item.page_id,
                    "title": item.title,
                    "step": item.step,
                    "column": item.column,
                    "since": timezone.localtime(item.waiting_since).isoformat(),
                    "deadline": timezone.localtime(item.deadline).isoformat(),
                    "late": item.late,
                    "emergency": item.emergency,
                    "claimed": item.claimed,
                    "claimed_by": item.claimed_by or None,
                    "deputy": item.deputy or None,
                }
                for item in waiting_reviews(user, wanted)
            ],
            "again": [
                {
                    "site": item.tenant.code,
                    "kind": item.kind,
                    "page": item.page_id,
                    "title": item.title,
                    "due": timezone.localtime(item.due_at).isoformat(),
                    "late": item.late,
                }
                for item in again
            ],
            "late_again": sum(item.late for item in again),
        }

    def describe(self, result: dict[str, Any]) -> str:
        rows = [(row["deadline"], row["step"], row) for row in result["waiting"]]
        rows += [(row["due"], row["kind"], row) for row in result["again"]]
        late = " " + _("已超时")
        lines = [
            f"{due[:16]}{late if row['late'] else ''}  {row['site']} {row['page']}  {what}  {row['title']}"
            for due, what, row in rows
        ]
        return "\n".join(lines) or _("没有待办。")
