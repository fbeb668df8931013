"""The verb ``reclassify``: change the class of many resources of the library at once, or undo such a change."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from content_library.resources.reclassification import (
    RECLASSIFIABLE,
    bulk_reclassify,
    progress,
    reclassify_preview,
    undo_reclassify,
)
from content_library.resources.reclassifying import run_reclassification, undo_reclassification
from content_library.vocabularies.kinds import VOCABULARIES
from content_library.vocabularies.models import Reclassification, Term
from content_library.vocabularies.queries import get_term
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Reclassify the library's resources: --from CODE --to CODE [--site CODE] [--preview], or --undo ID."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vocabulary", choices=RECLASSIFIABLE, default="subject")
        parser.add_argument("--from", dest="source", default="", help="code of the class that resources have")
        parser.add_argument("--to", dest="target", default="", help="code of the class that they get")
        parser.add_argument("--site", default="", help="only the resources of this site")
        parser.add_argument("--reason", default="")
        parser.add_argument("--preview", action="store_true", help="only say what would change")
        parser.add_argument("--undo", type=int, help="number of an earlier change")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["undo"] is not None:
            return self._undo(options["undo"])
        vocabulary = options["vocabulary"]
        if not options["source"] or not options["target"]:
            raise CommandError(_("请用 --from 和 --to 指定原类目和新类目的代码。"))
        source, target = self._term(vocabulary, options["source"]), self._term(vocabulary, options["target"])
        tenant = None
        if options["site"]:
            tenant = Tenant.objects.filter(code=options["site"]).first()
            if tenant is None:
                raise Refused(_("没有代码为“%(site)s”的站点。") % {"site": options["site"]})
        if options["preview"]:
            seen = reclassify_preview(source, target, tenant)
            return {
                "total": seen.total,
                "sites": dict(seen.per_site),
                "samples": [{"uuid": resource.uuid, "title": resource.title} for resource in seen.samples],
            }
        order = bulk_reclassify(source, target, acting_user=None, tenant=tenant, reason=options["reason"])
        # The verb does the work itself; the enqueued job will find nothing left to do.
        run_reclassification(order)
        return {"reclassification": order.pk, **progress(order)}

    def _undo(self, number: int) -> dict[str, Any]:
        order = Reclassification.objects.filter(pk=number).first()
        if order is None:
            raise Refused(_("没有编号为 %(number)s 的批量改类。") % {"number": number})
        order = undo_reclassify(order, acting_user=None)
        undo_reclassification(order)
        return {"reclassification": order.pk, **progress(order)}

    def _term(self, vocabulary: str, code: str) -> Term:
        term = get_term(vocabulary, code)
        if term is None:
            raise Refused(
                _("词表“%(vocabulary)s”中没有代码“%(code)s”。")
                % {"vocabulary": VOCABULARIES[vocabulary].label, "code": code}
            )
        return term
