"""The verb ``question_base``: make an entry of an answered letter, list entries, name those to look at again."""

from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from govplatform.accounts.queries import get_user
from govplatform.cases.queries import find_case
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand
from sites.columns.models import Column
from sites.interaction.question_base import draft_question, entries

_ACTS = ("add", "list", "check")


class Command(VerbCommand):
    help = "Make an entry of the question base of an answered letter, list its entries, or name what is due again."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=_ACTS, help="check: exit status 1 names what has to be looked at again")
        parser.add_argument("number", nargs="?", metavar="NUMBER", help="add: of the answered letter")
        parser.add_argument("--site", metavar="CODE", help="list, check: of this site")
        parser.add_argument("--column", default="", metavar="SLUG", help="add: else beside the answer")
        parser.add_argument("--title", default="", help="add: the question, put generally")
        parser.add_argument("--look-again", metavar="DAY", help="add: YYYY-MM-DD, else by the rule pack")
        parser.add_argument("--submit", action="store_true", help="add: hand it in at once")
        parser.add_argument("--as", dest="acting", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        return self._add(options) if options["act"] == "add" else self._listed(options)

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("ok") is False else 0

    def _add(self, options: dict[str, Any]) -> dict[str, Any]:
        if not options["number"] or not options["acting"]:
            raise CommandError(_("请写明来信的编号，并用 --as 写明由谁收入。"))
        with schema_context("public"):
            case, user = find_case(options["number"]), get_user(options["acting"])
        column = None
        if options["column"] and case.organisation is not None:
            with tenant_context(case.organisation):
                column = Column.objects.filter(slug=options["column"], live=True).first()
            if column is None:
                raise CommandError(_("本站没有网址为“%(slug)s”的栏目。") % {"slug": options["column"]})
        day = _day(options["look_again"]) if options["look_again"] else None
        page = draft_question(case, acting_user=user, column=column, title=options["title"], look_again_on=day)
        if options["submit"] and case.organisation is not None:
            with tenant_context(case.organisation):
                submit_for_review(page, acting_user=user)
        return {"page": page.pk, "title": page.title, "look_again_on": page.look_again_on}

    def _listed(self, options: dict[str, Any]) -> dict[str, Any]:
        if not options["site"]:
            raise CommandError(_("请用 --site 写明站点。"))
        due = options["act"] == "check"
        with schema_context("public"):
            site = get_tenant(options["site"])
        with tenant_context(site):
            told = [
                {
                    "page": one.pk,
                    "title": one.title,
                    "live": one.live,
                    "case": one.case_number or None,
                    "about": one.about_id,
                    "look_again_on": one.look_again_on,
                    "due": one.is_due,
                }
                for one in entries(due=due)
            ]
        return {"ok": not told, "questions": told} if due else {"questions": told}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise CommandError(_("复核日期请写成 2026-03-02 的样子。")) from problem
