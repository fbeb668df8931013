"""The operator's screen of a site's own record: names, organiser, contact, numbers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.review.frame.forms import reason_field, show_refusal, words_of
from govplatform.tenancy.models import Tenant

from .site_record import SITE_RECORD, change_site_record
from .views import FleetScreen


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    frame_reason = reason_field()

    class Meta:
        model = Tenant
        fields = SITE_RECORD.texts


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
        return super().get_context_data(
            site=self.site, **words_of(SITE_RECORD, self.site.pk, reader=self.user()), **kwargs
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
