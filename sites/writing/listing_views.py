"""The screen 多栏目列出: which columns list a page besides the one it stands in."""

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
from sites.columns.choosing import ColumnChoices
from sites.columns.listing import MOST_COLUMNS, list_page_in, listings_of
from sites.columns.models import Column


class ListingForm(forms.Form):
    """The columns besides the page's own."""

    columns = ColumnChoices(label=_("还在这些栏目列出"))

    def __init__(self, page: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = Column.objects.ancestor_of(page)
        self.fields["columns"].queryset = Column.objects.exclude(pk__in=above.values("pk")).order_by("path")  # type: ignore[attr-defined]
        self.fields["columns"].initial = list(listings_of(page).values_list("column_id", flat=True))


class ListingView(PageScreen):
    """GET shows the choice; POST makes it so."""

    template_name = "writing/listing.html"
    page_title = _("多栏目列出")
    header_icon = "list-ul"
    act = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or ListingForm(self.page)
        own = self.page.get_parent()
        return super().get_context_data(page=self.page, form=form, own=own, most=MOST_COLUMNS, **kwargs)

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        form = ListingForm(self.page, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        columns = list(form.cleaned_data["columns"])
        try:
            changed = list_page_in(self.page, columns, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        names = "、".join(column.title for column in columns)
        told = {"title": self.page.get_admin_display_title(), "columns": names}
        if not changed:
            messages.info(request, _t("没有需要改的。"))
        elif names:
            messages.success(request, _t("“%(title)s”还在这些栏目列出：%(columns)s。") % told)
        else:
            messages.success(request, _t("“%(title)s”不再在别的栏目列出。") % told)
        return redirect("writing_listing", page_id)
