"""The verb ``apply``: file an application of a site, in the name of its administrator or of an operator."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.applications.actions import file_application
from govplatform.lifecycle.applications.checking import names_for_the_shell
from govplatform.lifecycle.applications.papers import GivenPaper
from govplatform.lifecycle.applications.queries import describe_outcome
from govplatform.lifecycle.applications.request import Asked, parse_facts
from govplatform.lifecycle.models import SiteApplication
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "File an application of a site: to open, to change, to go offline for a time, to retire."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=SiteApplication.Kind.values, help="what is applied for")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--ground", default="", metavar="CODE", help="ground of the rule pack that it rests on")
        parser.add_argument("--into", default="", metavar="CODE", help="site that takes over the content")
        parser.add_argument("--until", default="", metavar="DATE", help="day on which the site is back, YYYY-MM-DD")
        parser.add_argument(
            "--set", dest="facts", action="append", default=[], metavar="FIELD=VALUE", help="new fact of the site"
        )
        parser.add_argument(
            "--paper", dest="papers", action="append", default=[], metavar="KIND=FILE", help="paper of that kind"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, user = get_tenant(options["site"]), get_user(options["acting"])
        asked = Asked(
            kind=options["kind"],
            reason=options["reason"],
            ground=options["ground"],
            into=options["into"],
            until=_day(options["until"]),
            wanted=parse_facts(options["facts"]),
        )
        with ExitStack() as opened:
            papers = [_paper(given, opened) for given in options["papers"]]
            try:
                made = file_application(tenant, asked, acting_user=user, papers=papers)
            except Refused as refusal:
                raise Refused([*refusal.reasons, *names_for_the_shell(tenant, asked.kind)]) from refusal
            return describe_outcome(made)


def _day(given: str) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise CommandError(_("“%(day)s”不是日期，请写作 2026-03-01。") % {"day": given}) from error


def _paper(given: str, opened: ExitStack) -> GivenPaper:
    kind, equals, name = given.partition("=")
    if not equals or not kind.strip() or not name:
        raise CommandError(_("“%(given)s”应当写作 材料类别=文件。") % {"given": given})
    path = Path(name)
    if not path.is_file():
        raise Refused(_("没有材料文件“%(file)s”，请核对路径。") % {"file": name})
    try:
        return GivenPaper(kind.strip(), path.name, opened.enter_context(path.open("rb")))
    except OSError as error:
        raise Refused(_("材料文件“%(file)s”打不开，请核对权限。") % {"file": name}) from error
