"""The verb ``rebuild_search``: make the index of an engine anew."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from search.engine import EngineError
from search.engines.choosing import chosen_engine, engine_called
from search.rebuilding import rebuild_search


class Command(VerbCommand):
    help = "Make the index of the search anew; the present one answers meanwhile. Broken off, it goes on where it was."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="the documents of one site alone, in place")
        parser.add_argument("--engine", default="", metavar="E", help="by default the one that answers")

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            engine = engine_called(options["engine"]) if options["engine"] else chosen_engine()
        except KeyError:
            raise CommandError(_("没有设置名为“%(name)s”的检索引擎。") % {"name": options["engine"]}) from None
        site = get_tenant(options["site"]) if options["site"] else None
        try:
            return rebuild_search(engine, site=site, progress=self.progress)
        except EngineError as problem:
            raise Refused(
                _("检索引擎没有应答，重建中断，可再次执行以继续：%(error)s") % {"error": problem}
            ) from problem
