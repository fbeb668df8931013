"""Screens of the operators: what a site's end still needs, its dump and dropping, dumps on the server, restoring."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import OPERATOR
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.models.tenant import validate_site_code
from govplatform.tenancy.queries import public_sites

from ..models import SiteDump
from ..views import FleetScreen, roles_in_console
from .actions import request_work
from .permissions import KEEPERS
from .queries import dump_names, dumps_folder, last_dump, read_dump, works
from .restoring import Wish, request_restoring
from .rules import reasons_against_dropping
from .steps import steps_to_the_end
from .tasks import keep_site_job

_ACTS = ("drop", "copy")


class DumpScreen(FleetScreen):
    """A screen about dumps. Supervisors read, operators act."""

    roles = KEEPERS

    def may_act(self) -> bool:
        return OPERATOR.code in roles_in_console(self.request.user)

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("lifecycle_dumps"), _t("站点备份与恢复"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_act=self.may_act(), encrypts=bool(settings.SITE_DUMP_KEY_FILE), **kwargs)


class DumpsView(DumpScreen):
    """The dumps that lie on the server, and everything that was dumped, dropped and restored."""

    template_name = "lifecycle/ending/dumps.html"
    page_title = _("站点备份与恢复")

    def crumbs(self) -> list[tuple[str, str]]:
        return super().crumbs()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(names=dump_names(), folder=dumps_folder(), page=self.page_of(works()), **kwargs)


class EndingView(DumpScreen):
    """One site: what is missing before it may be dropped, the button that does it, and its dumps."""

    template_name = "lifecycle/ending/ending.html"
    site: Tenant

    def get_page_title(self) -> str:
        return _t("备份与移除：%(site)s") % {"site": self.site.full_name}

    def find(self, **named: Any) -> None:
        self.site = get_object_or_404(public_sites(), code=named["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        last = last_dump(self.site)
        return super().get_context_data(
            site=self.site,
            missing=[] if self.site.dropped_at else reasons_against_dropping(self.site),
            steps=steps_to_the_end(self.site),
            last=last,
            is_there=last is not None and last.name in dump_names(),
            page=self.page_of(works().filter(code=self.site.code)),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        if not self.may_act():
            return self.closed()
        act = request.POST.get("act", "")
        if act not in _ACTS:
            return self.refuse(Refused(_t("请选择要做什么。")), status=400)
        if act == SiteDump.Kind.DROP and request.POST.get("sure") != self.site.code:
            return self.refuse(Refused(_t("请先勾选确认，再移除站点的内容。")))
        try:
            with transaction.atomic():
                work = request_work(act, self.site, acting_user=self.user())
                keep_site_job.enqueue(work.pk)
        except Refused as refusal:
            return self.refuse(refusal)
        return redirect("lifecycle_dump", work.pk)


class WorkView(DumpScreen):
    """One dump, dropping or restoring with its progress; asked for as JSON, that alone."""

    template_name = "lifecycle/ending/work.html"
    work: SiteDump

    def get_page_title(self) -> str:
        site = self.work.tenant.full_name if self.work.tenant else self.work.code
        return _t("%(act)s：%(site)s") % {"act": self.work.get_kind_display(), "site": site}

    def find(self, **named: Any) -> None:
        self.work = get_object_or_404(works(), pk=named["number"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("accept", "").startswith("application/json"):
            return JsonResponse(news_of(self.work))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(work=self.work, news=news_of(self.work), **kwargs)


class RestoreForm(forms.Form):
    """As what a dump is restored."""

    code = forms.CharField(
        label=_("站点代码"),
        max_length=40,
        validators=[validate_site_code],
        help_text=_("原来的代码：站点恢复为已关停的原状。另一个代码：建立一个筹备中的新站点，域名和人员另行登记。"),
    )


class RestoreView(DumpScreen):
    """What one dump on the server holds, and the form that restores it."""

    template_name = "lifecycle/ending/restore.html"
    page_title = _("从备份恢复")
    roles = frozenset({OPERATOR.code})

    def find(self, **named: Any) -> None:
        try:
            self.file = read_dump(named["name"])
        except Refused as refusal:
            raise Http404 from refusal

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        manifest = self.file.manifest
        kwargs.setdefault("form", RestoreForm(initial={"code": manifest.site["code"] if manifest else ""}))
        return super().get_context_data(file=self.file, **kwargs)

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        form = RestoreForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        try:
            with transaction.atomic():
                wish = Wish(form.cleaned_data["code"])
                work = request_restoring(Path(self.file.path), wish, acting_user=self.user())
                keep_site_job.enqueue(work.pk)
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        return redirect("lifecycle_dump", work.pk)


def news_of(work: SiteDump) -> dict[str, Any]:
    """How far it is, for ``console/batch.js``: ``{"running", "label", "done", "total", "pace"}``."""
    label = work.get_step_display() if work.step and work.state == SiteDump.State.RUNNING else work.get_state_display()
    return {"running": work.working, "label": label, "done": work.done, "total": max(work.total, 1), "pace": ""}
