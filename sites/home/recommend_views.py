"""The screens of 推荐: of one page to the home pages, and what stands on this one and what is proposed for it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from content_library.distribution.models import HomeProposal
from content_library.distribution.proposals import (
    proposals_of,
    propose_to_superior,
    reasons_against_proposing,
    refuse_proposal,
    take_back_proposal,
    waiting_proposals,
)
from content_library.models import Resource
from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused
from govplatform.review.permissions import EDIT, roles_for
from govplatform.review.screens.access import PageScreen
from govplatform.row_numbers import row_number
from sites.columns.models import Column
from sites.columns.writing_rights import columns_to_write

from .models import Recommended
from .queries import MOST_RECOMMENDED, recommended_pages
from .recommending import accept_proposal, end_recommendation, recommend_page


class RecommendView(PageScreen):
    """One page: on the home page of the site, and proposed to the superior. POST ``act``: what is to be done."""

    template_name = "home_console/recommend.html"
    page_title = _("推荐到首页")
    header_icon = "thumbtack"
    act = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resource = self._resource()
        return super().get_context_data(
            page=self.page,
            stands=Recommended.objects.filter(page=self.page).exists(),
            superior=self.tenant.parent if self.tenant.parent and not self.tenant.parent.is_console else None,
            against=reasons_against_proposing(resource, self.tenant) if resource is not None else [],
            proposals=list(proposals_of(resource)) if resource is not None else [],
            resource=resource,
            note=_typed(self.request, "note"),
            **kwargs,
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        told = {"title": self.page.title}
        try:
            said = self._do(request.POST.get("act", ""))
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, said % told)
        return redirect("home_recommend", page_id)

    def _do(self, act: str) -> str:
        resource = self._resource()
        if act == "home":
            recommend_page(self.page, acting_user=self.user())
            return _t("“%(title)s”已推荐到首页。")
        if act == "end":
            end_recommendation(self.page, acting_user=self.user())
            return _t("“%(title)s”不再在首页推荐。")
        if act == "superior" and resource is not None:
            propose_to_superior(resource, acting_user=self.user(), note=_typed(self.request, "note"))
            return _t("已向上级站点推荐“%(title)s”，由其编辑答复。")
        waiting = proposals_of(resource).filter(state=HomeProposal.State.WAITING).first() if resource else None
        if act == "take_back" and waiting is not None:
            take_back_proposal(waiting, acting_user=self.user())
            return _t("已收回“%(title)s”的推荐。")
        raise Refused(_t("这一步已经办过或不能办理，请重新打开后再试。"))

    def _resource(self) -> Resource | None:
        return Resource.objects.filter(tenant=self.tenant, page_id=self.page.pk).first()


class AnswerForm(forms.Form):
    """The column in which an accepted proposal is shown."""

    column: Any = forms.ModelChoiceField(
        label=_("放在栏目"),
        queryset=Column.objects.none(),
        empty_label=None,
        error_messages={"required": _("请选择栏目。"), "invalid_choice": _("本站没有这个栏目，请重新选择。")},
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns_to_write(user).filter(live=True)  # type: ignore[attr-defined]


class ProposalsView(Screen):
    """What the sites below propose, each with 采用 and 不采用; and what stands on the home page now."""

    template_name = "home_console/proposals.html"
    page_title = _("首页推荐")
    header_icon = "thumbtack"

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return roles_for(EDIT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            proposals=self.page_of(waiting_proposals(self.tenant)),
            form=kwargs.pop("form", None) or AnswerForm(self.user(), auto_id=False),
            stands=recommended_pages(),
            most=MOST_RECOMMENDED,
            answer=_typed(self.request, "answer"),
            asked=row_number(self.request.POST.get("proposal", "")),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            self._do(request.POST.get("act", ""))
        except Refused as refusal:
            return self.refuse(refusal)
        return redirect("home_proposals")

    def _do(self, act: str) -> None:
        if act == "end":
            page = Page.objects.filter(pk=row_number(self.request.POST.get("page", ""))).first()
            if page is None:
                raise Refused(_t("本站没有这一页，请重新打开后再试。"))
            end_recommendation(page, acting_user=self.user())
            messages.success(self.request, _t("“%(title)s”不再在首页推荐。") % {"title": page.title})
            return
        proposal = self._proposal()
        told = {"title": proposal.resource.title}
        if act == "refuse":
            refuse_proposal(proposal, acting_user=self.user(), answer=_typed(self.request, "answer"))
            messages.success(self.request, _t("没有采用“%(title)s”，理由已告知推荐的站点。") % told)
            return
        form = AnswerForm(self.user(), self.request.POST)
        if not form.is_valid():
            raise Refused([str(error) for errors in form.errors.values() for error in errors])
        _page, reasons = accept_proposal(proposal, form.cleaned_data["column"], acting_user=self.user())
        messages.success(self.request, _t("已采用“%(title)s”，审查通过、公开之后出现在首页。") % told)
        for reason in reasons:
            messages.warning(self.request, _t("转载草稿还没有送审：%(reason)s") % {"reason": reason})

    def _proposal(self) -> HomeProposal:
        number = row_number(self.request.POST.get("proposal", ""))
        found = HomeProposal.objects.select_related("resource", "source", "target").filter(target=self.tenant)
        proposal = found.filter(pk=number).first()
        if proposal is None:
            raise Refused(_t("没有向本站提出的这一推荐，可能已被收回。"))
        return proposal


def _typed(request: HttpRequest, name: str) -> str:
    """What was typed, without NUL, which no column holds."""
    return request.POST.get(name, "").replace("\x00", "")
