"""The operator's screen of a site's own record: names, organiser, contact, numbers; and of its level and look."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.refusals import Refused
from govplatform.review.frame.forms import reason_field, show_refusal, words_of
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import possible_superiors, told_apart

from .forms import COLOUR_LABELS, THEME_LABELS
from .site_facts import change_site_facts, facts_of
from .site_record import SITE_RECORD, change_site_record
from .views import FleetScreen


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    frame_reason = reason_field()

    class Meta:
        model = Tenant
        fields = SITE_RECORD.texts


class FactsForm(forms.Form):
    """What takes effect at once: level, superior site, look, colours."""

    level = forms.ChoiceField(label=_l("层级"), choices=Tenant.Level.choices)
    parent = forms.ChoiceField(label=_l("上级站点"), required=False)
    theme = forms.ChoiceField(label=_l("主题"))
    colours = forms.ChoiceField(label=_l("配色"), required=False)

    def __init__(self, tenant: Tenant, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", facts_of(tenant))
        super().__init__(*args, **kwargs)
        others = told_apart(possible_superiors().exclude(pk=tenant.pk))
        self._choose("parent", [("", _l("没有上级站点")), *others])
        self._choose("theme", [(code, THEME_LABELS.get(code, code)) for code in settings.THEME_CODES])
        own = [("", _l("主题自带的配色"))]
        self._choose("colours", [*own, *((code, COLOUR_LABELS.get(code, code)) for code in settings.COLOUR_CODES)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class SiteRecordView(FleetScreen):
    """The form; what is saved waits for a second operator or a supervisor."""

    template_name = "lifecycle/site_record.html"
    header_icon = "site"

    def get_page_title(self) -> str:
        return _("登记信息：%(site)s") % {"site": self.site.full_name}

    def find(self, **named: Any) -> None:
        self.site = get_object_or_404(Tenant, code=named["code"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stored = Tenant.objects.select_related("parent").get(pk=self.site.pk)
        kwargs.setdefault("form", RecordForm(instance=stored))
        if not stored.is_console:
            kwargs.setdefault("facts_form", FactsForm(stored))
        return super().get_context_data(
            site=self.site, **words_of(SITE_RECORD, self.site.pk, reader=self.user()), **kwargs
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        if "facts" in request.POST and not self.site.is_console:
            return self._change_facts(request)
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

    def _change_facts(self, request: HttpRequest) -> HttpResponse:
        form = FactsForm(self.site, request.POST)
        if form.is_valid():
            try:
                changed = change_site_facts(self.site, acting_user=self.user(), **form.cleaned_data)
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("已保存，立即生效。") if changed else _("没有改动。"))
                return HttpResponseRedirect(reverse("lifecycle_site_record", args=[self.site.code]))
        return self.render_to_response(self.get_context_data(facts_form=form), status=400)
