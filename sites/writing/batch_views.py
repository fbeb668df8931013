"""Many pages at once in the lists of pages: what is to be done is asked for, and then said for each page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.pages.bulk_actions.move import MoveBulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction

from govplatform.refusals import Refused
from govplatform.review.permissions import EDIT, may_on_content
from govplatform.review.screens.access import ReviewScreen
from govplatform.row_numbers import row_number
from sites.columns.choosing import ColumnChoice
from sites.columns.writing_rights import columns_to_write

from .batches import MOST, Result, chosen_pages, move_pages, plan_pages, submit_pages


class _BatchForm(forms.Form):
    """The form of an act on many pages, for ``user``."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MoveForm(_BatchForm):
    column = ColumnChoice(label=_("移到栏目"), empty_label="")

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["column"].queryset = columns_to_write(user)  # type: ignore[attr-defined]

    def carry_out(self, ids: list[int], user: Any) -> list[Result]:
        return move_pages(ids, self.cleaned_data["column"], acting_user=user)


class SubmitForm(_BatchForm):
    def carry_out(self, ids: list[int], user: Any) -> list[Result]:
        return submit_pages(ids, acting_user=user)


class PlanForm(_BatchForm):
    moment = forms.DateTimeField(
        label=_("发布时间"),
        help_text=_("到这一时间自动发布；在此之前要审查通过。"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("请填写发布时间。"),
            "invalid": _("发布时间要写成 2026-12-31 08:00 这样。"),
        },
    )

    def carry_out(self, ids: list[int], user: Any) -> list[Result]:
        return plan_pages(ids, self.cleaned_data["moment"], acting_user=user)


#: act -> (its form, what the button says)
ACTS: Mapping[str, tuple[type[Any], Any]] = MappingProxyType(
    {
        "move": (MoveForm, _("移到别的栏目")),
        "submit": (SubmitForm, _("送审")),
        "plan": (PlanForm, _("定时发布")),
    }
)


class BatchView(ReviewScreen):
    """GET with ``?id=…`` asks; POST does it and answers for each page."""

    template_name = "writing/batch.html"
    page_title = _("批量办理")
    header_icon = "list-ul"
    act = EDIT

    def find(self, **named: Any) -> HttpResponseBase | None:
        if named["what"] not in ACTS:
            raise Http404
        return None

    def get_page_subtitle(self) -> str:
        return str(ACTS[self.kwargs["what"]][1])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form_class, label = ACTS[self.kwargs["what"]]
        form = kwargs.pop("form", None) or form_class(self.user())
        pages = chosen_pages(self._ids())
        return super().get_context_data(
            form=form, label=label, pages=pages, too_many=len(pages) > MOST, most=MOST, back=self._back(), **kwargs
        )

    def post(self, request: HttpRequest, what: str) -> HttpResponse:
        form = ACTS[what][0](self.user(), request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            results = form.carry_out(self._ids(), self.user())
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        left = [("id", result.page_id) for result in results if not result.done]
        again = f"{reverse('writing_batch', args=[what])}?{urlencode(left)}" if left else ""
        done = len(results) - len(left)
        return self.render_to_response(
            self.get_context_data(form=form, results=results, done=done, left=len(left), again=again)
        )

    def _ids(self) -> list[int]:
        given = self.request.POST.getlist("id") if self.request.method == "POST" else self.request.GET.getlist("id")
        return [number for text in given[: MOST * 10] if (number := row_number(text))]

    def _back(self) -> str:
        """The list of the first page's column."""
        first = next(iter(chosen_pages(self._ids()[:1])), None)
        parent = first.get_parent() if first is not None else None
        return reverse("wagtailadmin_explore", args=[parent.pk]) if parent is not None else reverse("wagtailadmin_home")


class _ToBatch(PageBulkAction):
    """A button of the list's bar that leads to our screen; every page is a transaction of its own there."""

    what = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return _lead_to_batch(self, request, self.what)


class SubmitBatch(_ToBatch):
    display_name = ACTS["submit"][1]
    action_type = what = "submit"
    aria_label = _("把选中的信息送审")
    action_priority = 5


class PlanBatch(_ToBatch):
    display_name = ACTS["plan"][1]
    action_type = what = "plan"
    aria_label = _("为选中的信息定时发布")
    action_priority = 7


class MoveBatch(MoveBulkAction):
    """Wagtail's way for columns, which their administrator moves; ours for what editors write."""

    display_name = _("移动")
    aria_label = _("把选中的信息移到别的栏目")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_on_content(request.user, EDIT):
            return super().dispatch(request, *args, **kwargs)
        return _lead_to_batch(self, request, "move")


def _lead_to_batch(action: BulkAction, request: HttpRequest, what: str) -> HttpResponse:
    ids = request.GET.getlist("id")
    if "all" in ids:
        parent = row_number(request.GET.get("childOf", ""))
        ids = [str(pk) for pk in action.get_all_objects_in_listing_query(parent or None)][: MOST + 1]
    return redirect(f"{reverse('writing_batch', args=[what])}?{urlencode([('id', pk) for pk in ids])}")
