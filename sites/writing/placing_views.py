"""The screen 换栏目或类型: what another column or kind means for a draft is said before it is done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.review.permissions import EDIT
from govplatform.review.screens.access import PageScreen
from sites.columns.choosing import ColumnChoice
from sites.columns.writing_rights import columns_to_write

from .placing import KINDS, Place, foresee_place, kind_of, place_draft, reasons_against_placing


class PlaceForm(forms.Form):
    """Which column and which kind; the kind only of a page that may be another."""

    column = ColumnChoice(label=_("栏目"))
    kind = forms.ChoiceField(
        label=_("类型"), error_messages={"invalid_choice": _("没有这种类型，请从列表里选择。")}, required=False
    )

    def __init__(self, page: Any, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["column"].queryset = columns_to_write(user)  # type: ignore[attr-defined]
        self.fields["column"].initial = page.get_parent().pk
        if kind_of(page) is None:
            del self.fields["kind"]
        else:
            choices = [(code, model._meta.verbose_name) for code, model in KINDS.items()]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]
            self.fields["kind"].initial = kind_of(page)

    def place(self) -> Place:
        """Return the place that was chosen; what stays as it is counts as nothing. Call when the form is valid."""
        column, kind = self.cleaned_data["column"], self.cleaned_data.get("kind") or None
        stays = column.pk == self.page.get_parent().pk
        return Place(None if stays else column, None if kind == kind_of(self.page) else kind)


class PlaceView(PageScreen):
    """GET with a choice shows what it means; POST does it. For editors only."""

    template_name = "writing/place.html"
    page_title = _("换栏目或类型")
    header_icon = "arrow-right-full"
    act = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = self.request.POST or (
            {"column": "", **self.request.GET.dict()} if "column" in self.request.GET else None
        )
        form = PlaceForm(self.page, self.user(), data)
        reasons = kwargs.pop("reasons", None) or reasons_against_placing(self.page, Place())
        foreseen = None
        if data is not None and not reasons and form.is_valid():
            place = form.place()
            if place == Place():
                reasons = [_t("还没有选别的栏目或类型。")]
            elif not (reasons := reasons_against_placing(self.page, place)):
                foreseen = foresee_place(self.page, place)
        return super().get_context_data(page=self.page, form=form, foreseen=foreseen, reasons=reasons, **kwargs)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        form = PlaceForm(self.page, self.user(), request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            placed = place_draft(self.page, form.place(), acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal)
        told = {"title": placed.get_admin_display_title(), "column": placed.get_parent().title}
        messages.success(
            request,
            _t("“%(title)s”现在在栏目“%(column)s”，类型是%(kind)s。") % {**told, "kind": placed._meta.verbose_name},
        )
        return redirect("wagtailadmin_pages:edit", page_id)
