"""The views of 转载 in the console: search the library, tick resources, choose a column and a mode."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from content_library.distribution.reposting import (
    origin_of,
    reasons_against_receiving,
    reasons_against_reposting,
    reposts_on,
)
from content_library.models import Repost, Resource
from content_library.resources.queries import ListFilter, ResourcePage, get_resource, list_resources
from govplatform.accounts.screens.screen import Screen, opens_like
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, VIEW_DRAFT, may_on_content, roles_for
from govplatform.tenancy.models import Tenant
from sites.columns.choosing import ColumnChoice
from sites.columns.writing_rights import columns_to_write

from .actions import adopt_newest_version, repost_resource
from .models import RepostPage

MOST_AT_ONCE = 50


class SearchForm(forms.Form):
    query = forms.CharField(label=_l("标题、文号或索引号"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_l("类型"), required=False, choices=[("", _l("全部")), *Resource.Kind.choices])
    level = forms.ChoiceField(label=_l("来源层级"), required=False, choices=[("", _l("全部")), *Tenant.Level.choices])


class RepostForm(forms.Form):
    column = ColumnChoice(
        label=_l("转载到栏目"),
        empty_label=_l("请选择栏目"),
        error_messages={"required": _l("请先选择栏目。"), "invalid_choice": _l("本站没有这个栏目，请重新选择。")},
    )
    mode = forms.ChoiceField(
        label=_l("转载方式"),
        choices=Repost.Mode.choices,
        initial=Repost.Mode.MIRROR,
        help_text=_l(
            "同步转载随来源更正；固定版本不变，来源更新时提醒；链接只在列表中列出，点击到来源；复制为本站自己的草稿。"
        ),
    )
    submit = forms.BooleanField(label=_l("建立草稿后直接送审"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns_to_write(user).filter(live=True)  # type: ignore[attr-defined]


class ChooseView(Screen):
    """The list of resources for the site's editors; POST makes a draft of each ticked one, at most ``MOST_AT_ONCE``."""

    template_name = "reposts/choose.html"
    page_title = _l("从信息资源库转载")
    header_icon = "redirect"

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return roles_for(ADD)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = self.request
        kwargs.setdefault("form", RepostForm(initial={"column": request.GET.get("column")}, user=request.user))
        search = SearchForm(request.GET or None)
        wanted = search.cleaned_data if search.is_valid() else {}
        found, problem = _search(wanted, self.tenant, request.GET.get("after", ""))
        ticked = request.POST.getlist("resource")[:MOST_AT_ONCE]
        return super().get_context_data(
            search=search,
            rows=_rows(found.resources if found else [], self.tenant, ticked),
            found=found,
            problem=problem,
            next=_next_address(wanted, found, request.GET.get("column", "")),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form, ticked = RepostForm(request.POST, user=request.user), request.POST.getlist("resource")[:MOST_AT_ONCE]
        if form.is_valid():
            if not ticked:
                messages.warning(request, _("请先勾选要转载的信息。"))
            elif _repost(request, ticked, form.cleaned_data):
                return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[form.cleaned_data["column"].pk]))
        return self.render_to_response(self.get_context_data(form=form), status=400 if form.errors else 200)


@opens_like(ChooseView)
@require_POST
def adopt(request: HttpRequest, page_id: int) -> HttpResponse:
    """Bring the newest version of the source into the draft of a repost; refusals become messages."""
    page = RepostPage.objects.filter(pk=page_id).first()
    if page is None or not may_on_content(request.user, VIEW_DRAFT):
        raise Http404
    try:
        number = adopt_newest_version(page, acting_user=request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("草稿已采用来源的第 %(number)s 版，核对后请送审。") % {"number": number})
    return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page_id]))


# --- inside ------------------------------------------------------------------------------


def _repost(request: HttpRequest, ticked: list[str], chosen: dict[str, Any]) -> bool:
    """Make a draft of each ticked resource; say whether at least one was made. Every refusal becomes a message."""
    made = 0
    for uuid in ticked:
        try:
            done = repost_resource(
                get_resource(uuid),
                column=chosen["column"],
                mode=chosen["mode"],
                acting_user=request.user,  # type: ignore[arg-type]
                submit=chosen["submit"],
            )
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            continue
        made += 1
        for reason in done.reasons:
            messages.warning(request, _("“%(title)s”未能送审：%(reason)s") % {"title": done.title, "reason": reason})
    if made:
        messages.success(request, _("已建立 %(count)d 篇转载草稿。") % {"count": made})
    return bool(made)


def _next_address(wanted: dict[str, Any], found: ResourcePage | None, column: str) -> str:
    if found is None or not found.next:
        return ""
    return urlencode({key: value for key, value in {**wanted, "column": column, "after": found.next}.items() if value})


def _search(wanted: dict[str, Any], tenant: Tenant, after: str) -> tuple[ResourcePage | None, str]:
    try:
        return list_resources(ListFilter(**wanted, viewer=tenant, withdrawn=False), after=after), ""
    except Refused as refusal:
        return None, "".join(refusal.reasons)


def _rows(resources: list[Resource], tenant: Tenant, ticked: list[str]) -> list[dict[str, Any]]:
    """Return ``{"resource", "reasons", "repost", "ticked"}`` per resource; with reasons it cannot be ticked."""
    present = reposts_on(tenant, resources)
    rows = []
    for resource in resources:
        reasons = reasons_against_reposting(resource)
        if resource.origin is not None:
            reasons += reasons_against_receiving(origin_of(resource), tenant, Repost.Mode.MIRROR)
        if (repost := present.get(resource.pk)) is not None:
            reasons.append(_("本站已经转载（%(state)s）。") % {"state": repost.get_state_display()})
        own = tenant.pk == resource.tenant_id
        if own:
            reasons.append(_("本站自己的信息。"))
        rows.append(
            {"resource": resource, "reasons": reasons, "repost": repost, "ticked": str(resource.uuid) in ticked}
        )
    return rows
