"""The verb ``bake``: render files of a site, or of all sites, and put them in place."""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.addresses.queries import was_public
from govplatform.delivery.changes import note_change, pages_read
from govplatform.delivery.delivering import Delivered, deliver_in_turn
from govplatform.delivery.models import SiteDelivery, SiteRelease
from govplatform.delivery.releasing import is_served
from govplatform.refusals import Busy, Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Render everything that is public on a site (or one page and what shows it) and put the files in place."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--site", default="", metavar="CODE", help="code of the site")
        which.add_argument("--all", action="store_true", help="every site that citizens can open")
        parser.add_argument("--page", type=int, metavar="ID", help="only this page and whatever shows it")

    def run(self, **options: Any) -> dict[str, Any]:
        if options["all"]:
            if options["page"] is not None:
                raise CommandError(_("--page 只能与 --site 一起使用。"))
            sites = [one for one in Tenant.objects.order_by("code").prefetch_related("domains") if is_served(one)]
        else:
            sites = [get_tenant(options["site"])]
        started, written, files, faults = time.monotonic(), 0, 0, []
        newest: int | None = None
        for site in sites:
            try:
                done = self._bake(site, options["page"])
            except Busy as busy:
                # The others do not wait for a site that somebody else is at.
                if not options["all"]:
                    raise
                faults += busy.reasons
                continue
            state = SiteDelivery.objects.get(pk=site.pk)
            release = SiteRelease.objects.filter(tenant=site, sequence=state.sequence).first()
            written += done.written
            files += release.files if release is not None else 0
            newest = state.sequence
        seconds = round(time.monotonic() - started, 2)
        result = {"release": newest if len(sites) == 1 else None, "files": files, "written": written}
        return result | {"seconds": seconds} | ({"faults": faults} if faults else {})

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("faults") else 0

    def _bake(self, site: Tenant, page: int | None) -> Delivered:
        if not is_served(site):
            raise Refused(_("“%(site)s”没有对公众开放，没有静态页面可以生成。") % {"site": site.full_name})
        if page is not None:
            if not was_public(site, page):
                raise Refused(_("“%(site)s”没有公开过编号为 %(id)s 的页面。") % {"site": site.full_name, "id": page})
            note_change(site, pages_read(page), page=page)
        done = deliver_in_turn(
            site, everything=page is None, tell=lambda made, total: self.progress(made, total, site.code)
        )
        if done is None:
            raise Busy(_("“%(site)s”的静态页面正在由另一个进程生成，请稍后再试。") % {"site": site.full_name})
        return done
