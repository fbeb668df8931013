"""The screen on which operators choose the backup from which a site goes back to what it was."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from ..ending.queries import dump_names, dumps_folder, dumps_of
from ..ending.tasks import keep_site_job
from ..ending.views import DumpScreen
from ..models import SiteDump
from .folder import moment_of, whole_backups
from .returning import reasons_against_returning, request_return


class ReturnView(DumpScreen):
    """The backups from which one site can go back; what that means is looked at first, by a job."""

    template_name = "lifecycle/backups/return.html"
    site: Tenant

    def get_page_title(self) -> str:
        return _("恢复到过去的状态：%(site)s") % {"site": self.site.full_name}

    def crumbs(self) -> list[tuple[str, str]]:
        here = (reverse("lifecycle_ending", args=[self.site.code]), _("备份与移除"))
        return [*super().crumbs(), here]

    def find(self, **named: Any) -> None:
        self.site = get_object_or_404(public_sites(), code=named["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            site=self.site,
            missing=reasons_against_returning(self.site),
            backups=[(path.name, moment_of(path)) for path in _backups()],
            dumps=[(path.name, at) for path, at in self._dumps()],
            folder=settings.BACKUP_ROOT,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        if not self.may_act():
            return self.closed()
        try:
            path, preview = self._asked(request)
            with transaction.atomic():
                work = request_return(
                    self.site, path, reason=request.POST.get("reason", ""), acting_user=self.user(), preview=preview
                )
                keep_site_job.enqueue(work.pk)
        except Refused as refusal:
            return self.refuse(refusal, seen=self._seen(request), typed=request.POST.get("reason", ""))
        return redirect("lifecycle_dump", work.pk)

    def _seen(self, request: HttpRequest) -> SiteDump | None:
        """The preview that the form names."""
        number = request.POST.get("preview", "")
        return SiteDump.objects.filter(
            pk=int(number) if number.isdecimal() and len(number) < 18 else 0,
            kind=SiteDump.Kind.PREVIEW,
            tenant=self.site,
            state=SiteDump.State.DONE,
        ).first()

    def _asked(self, request: HttpRequest) -> tuple[Path, bool]:
        """(place of a backup on the server, whether it is only looked at)."""
        if request.POST.get("act") == "return":
            seen = self._seen(request)
            if seen is None:
                raise Refused(_("请先预览，再恢复。"))
            return Path(seen.path), False
        places = {path.name: path for path in [*_backups(), *(path for path, _at in self._dumps())]}
        path = places.get(request.POST.get("backup", ""))
        if path is None:
            raise Refused(_("请选择服务器上的一个备份。"))
        return path, True

    def _dumps(self) -> list[tuple[Path, datetime]]:
        """(place, when it was begun) of each dump of the site that still lies on the server, the newest first."""
        there = set(dump_names())
        known = dumps_of(self.site).exclude(sha256="").values_list("path", "requested_at")
        return [(dumps_folder() / name, at) for path, at in known if (name := Path(path).name) in there]


def _backups() -> list[Path]:
    folder = Path(settings.BACKUP_ROOT)
    return whole_backups(folder) if folder.is_dir() else []
