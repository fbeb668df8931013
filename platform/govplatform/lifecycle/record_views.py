"""The operator's screen of a site's own record: names, organiser, contact, numbers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.review.frame.forms import show_refusal
from govplatform.review.frame.queries import compared, history_of
from govplatform.review.models import FrameProposal
from govplatform.tenancy.models import Tenant

from .site_record import SITE_RECORD, change_site_record
from .views import FleetScreen


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    frame_reason = forms.CharField(max_length=300, required=False)

    class Meta:
        model = Tenant
        fields = SITE_RECORD.texts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frame_reason"].label = _("说明理由")
        self.fields["frame_reason"].help_text = _("扫描提示文字存疑、确需使用时填写，供确认人参考。")


class SiteRecordView(FleetScreen):
    """The form; what is saved waits for a second operator or a supervisor."""

    template_name = "lifecycle/site_record.html"
    header_icon = "site"

    def get_page_title(self) -> str:
        return _("登记信息：%(site)s") % {"site": self.site.full_name}

    def find(self, **named: Any) -> None:
        self.site = get_object_or_404(Tenant, code=named["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", RecordForm(instance=Tenant.objects.get(pk=self.site.pk)))
        proposals, clearances = history_of(SITE_RECORD, self.site.pk)
        waiting = next((p for p in proposals if p.state == FrameProposal.State.WAITING), None)
        return super().get_context_data(
            site=self.site,
            waiting=waiting,
            rows=compared(waiting) if waiting is not None else [],
            proposals=[p for p in proposals if p.state != FrameProposal.State.WAITING],
            clearances=clearances,
            may_withdraw=waiting is not None and waiting.proposed_by_id == self.user().pk,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        form = RecordForm(request.POST, instance=Tenant.objects.get(pk=self.site.pk))
        if form.is_valid():
            given = {name: form.cleaned_data[name] or "" for name in SITE_RECORD.texts}
            try:
                waits = change_site_record(
                    self.site, acting_user=self.user(), reason=form.cleaned_data["frame_reason"], **given
                )
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                if waits is not None:
                    said = _("改动已提交，由另一名平台运维人员或监管员确认后生效；在此之前公众看到的不变。")
                    messages.info(request, said)
                return HttpResponseRedirect(reverse("lifecycle_site_record", args=[self.site.code]))
        return self.render_to_response(self.get_context_data(form=form), status=400)
