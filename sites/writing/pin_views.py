"""The screen 置顶 of a public page: in which column, until which day, and what else stands there."""

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
from sites.columns.models import Pin
from sites.columns.pinning import MOST_PINS, columns_showing, pin_page, pins_of, unpin_page


class _ShowingColumn(ColumnChoice):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class PinForm(forms.Form):
    """Where and until when."""

    column = _ShowingColumn(label=_("栏目"), help_text=_("上级栏目的列表里也有这条信息，可以选在那里置顶。"))
    last_day = forms.DateField(
        label=_("最后一日"),
        help_text=_("这一天过后自动取消置顶。"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写最后一日。"), "invalid": _("最后一日要写成 2026-12-31 这样的日期。")},
    )

    def __init__(self, page: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = columns_showing(page)
        self.fields["column"].queryset = columns  # type: ignore[attr-defined]
        self.fields["column"].initial = getattr(columns.first(), "pk", None)
        standing = Pin.objects.standing().filter(page=page).first()
        if standing is not None:
            self.fields["column"].initial, self.fields["last_day"].initial = standing.column_id, standing.last_day


class PinView(PageScreen):
    """GET shows the form and the pins of the columns; POST pins, or with ``unpin`` takes the pin away."""

    template_name = "writing/pin.html"
    page_title = _("置顶")
    header_icon = "thumbtack"
    act = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or PinForm(self.page)
        lists = [{"column": column, "pins": list(pins_of(column))} for column in columns_showing(self.page)]
        return super().get_context_data(page=self.page, form=form, lists=lists, most=MOST_PINS, **kwargs)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        form = PinForm(self.page, request.POST)
        if "unpin" in request.POST:
            form.fields["last_day"].required = False
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        column, day = form.cleaned_data["column"], form.cleaned_data["last_day"]
        told = {"title": self.page.title, "column": column.title, "day": day}
        try:
            if "unpin" in request.POST:
                unpin_page(self.page, column, acting_user=self.user())
                said = _t("“%(title)s”不再在栏目“%(column)s”置顶。")
            else:
                pin_page(self.page, column, day, acting_user=self.user())
                said = _t("“%(title)s”在栏目“%(column)s”置顶，到 %(day)s 为止。")
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        messages.success(request, said % told)
        return redirect("writing_pin", page_id)
