"""The screen 复制为新稿: under which title and where; what comes along is said before."""

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

from .copying import copy_as_draft, reasons_against_copying


class CopyForm(forms.Form):
    """Title and column of the copy."""

    title = forms.CharField(label=_("标题"), max_length=255, error_messages={"required": _("请填写标题。")})
    column = ColumnChoice(label=_("栏目"))

    def __init__(self, page: Any, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = page.get_admin_display_title()
        self.fields["column"].queryset = columns_to_write(user)  # type: ignore[attr-defined]
        self.fields["column"].initial = page.get_parent().pk


class CopyView(PageScreen):
    """GET asks; POST makes the draft and opens it."""

    template_name = "writing/copy.html"
    page_title = _("复制为新稿")
    header_icon = "copy"
    act = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or CopyForm(self.page, self.user())
        reasons = kwargs.pop("reasons", None) or reasons_against_copying(self.page, self.page.get_parent().specific)
        return super().get_context_data(page=self.page, form=form, reasons=reasons, **kwargs)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        form = CopyForm(self.page, self.user(), request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        column, title = form.cleaned_data["column"], form.cleaned_data["title"]
        try:
            made = copy_as_draft(self.page, column=column, title=title, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        messages.success(request, _t("已复制为新稿“%(title)s”，请核对日期、文号等再送审。") % {"title": made.title})
        return redirect("wagtailadmin_pages:edit", made.pk)
