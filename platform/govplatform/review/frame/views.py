"""The screens on which words of the frame are confirmed: the work list, and one change with old beside new."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.images import get_image_model

from govplatform.accounts.models import User
from govplatform.accounts.roles import CONTENT_REVIEWER, OPERATOR, SITE_ADMIN, SUPERVISOR
from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from ..models import FrameProposal
from .actions import confirm_words, refuse_words, withdraw_words
from .kinds import kind_named
from .permissions import confirmable_kinds, reasons_against_confirming
from .pictures import pictures_to_look_at
from .queries import compared, findings_in_words, history_of, proposals_by, proposals_for, stale_reasons

_ROWS = 15
#: Wagtail's filter of a picture beside its words.
_LOOKED_AT = "max-480x320|format-png"
#: Changes on one page of the work list: whoever confirms several at once reads them all.
_PER_PAGE = 20


def proposal_rows(proposals: Any) -> list[dict[str, Any]]:
    """Return proposals as the tables show them."""
    return [
        {
            "proposal": proposal,
            # Which words exactly a tick confirms.
            "ticket": f"{proposal.pk}:{proposal.digest}",
            "kind": kind_named(proposal.kind).name,
            "compared": (words := compared(proposal)),
            "fields": "、".join(one.label for one in words),
            # What the scan objects to, and pictures, are looked at by themselves.
            "at_once": not proposal.findings and not any(one.pictures for one in words),
            "url": reverse("frame_text", args=[proposal.pk]),
        }
        for proposal in proposals
    ]


class FrameScreen(Screen):
    """A screen of the frame's words: those who confirm them, and those who propose them."""

    header_icon = "edit"
    roles = frozenset({CONTENT_REVIEWER.code, SITE_ADMIN.code, OPERATOR.code, SUPERVISOR.code})


class FrameTextsView(FrameScreen):
    """What waits: for the reader to confirm, and of their own for others. POST confirms several with one opinion.

    A batch of sites that an operator opened is so many changes: each is shown with its words, carried out by itself,
    and told by name when it could not be.
    """

    template_name = "review/frame/list.html"
    page_title = _("框架文字确认")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page_of(proposals_for(self.user()), _PER_PAGE)
        return super().get_context_data(
            rows=proposal_rows(page),
            page=page,
            own=proposal_rows(proposals_by(self.user())),
            confirms=bool(confirmable_kinds(self.user())),
            opinion=self.request.POST.get("opinion", ""),
            chosen=self.request.POST.getlist("chosen")[:_PER_PAGE],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        opinion, chosen = request.POST.get("opinion", ""), request.POST.getlist("chosen")[:_PER_PAGE]
        missing = [] if chosen else [_t("请先勾选要确认的改动。")]
        if missing := [*missing, *([] if opinion.strip() else [_t("请写明意见。")])]:
            return self.refuse(Refused(missing), status=400)
        done, refused = 0, []
        named = [pair.partition(":")[::2] for pair in chosen]
        waiting = proposals_for(self.user()).in_bulk([row_number(number) for number, _digest in named])
        for number, digest in named:
            proposal = waiting.get(row_number(number))
            try:
                if proposal is None:
                    raise Refused(_t("没有编号为 %(number)s 的文字改动。") % {"number": number[:20]})
                if proposal.findings:
                    raise Refused(_t("扫描有发现，请打开后单独办理。"))
                if any(one.pictures for one in compared(proposal)):
                    raise Refused(_t("其中有图片，请打开看过后单独办理。"))
                confirm_words(proposal, acting_user=self.user(), digest=digest, opinion=opinion)
                done += 1
            except Refused as refusal:
                title = proposal.object_title if proposal is not None else ""
                refused += [f"{title}：{reason}" if title else reason for reason in refusal.reasons]
        if done:
            messages.success(request, _t("已确认 %(count)d 项，立即生效。") % {"count": done})
        return self.refuse(Refused(refused)) if refused else HttpResponseRedirect(reverse("frame_texts"))


class FrameTextView(FrameScreen):
    """One change. GET shows old beside new, POST confirms, refuses or withdraws it."""

    template_name = "review/frame/one.html"
    proposal: FrameProposal

    def get_page_title(self) -> str:
        return _t("文字改动：%(title)s") % {"title": self.proposal.object_title}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("frame_texts"), str(FrameTextsView.page_title))]

    def find(self, **named: Any) -> None:
        user = self.user()
        kinds = {kind.code for kind in confirmable_kinds(user)}
        found = FrameProposal.objects.filter(pk=named["number"]).first()
        if found is None or (found.kind not in kinds and found.proposed_by_id != user.pk):
            raise Http404
        self.proposal = found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal, kind = self.proposal, kind_named(self.proposal.kind)
        is_waiting = proposal.state == FrameProposal.State.WAITING
        proposals, clearances = history_of(kind, proposal.object_id)
        return super().get_context_data(
            proposal=proposal,
            kind=kind.name,
            rows=compared(proposal),
            findings=findings_in_words(proposal),
            stale=stale_reasons(proposal) if is_waiting else [],
            is_waiting=is_waiting,
            is_own=proposal.proposed_by_id == self.user().pk,
            may_decide=is_waiting and not reasons_against_confirming(self.user(), kind, proposal),
            opinion=self.request.POST.get("opinion", ""),
            proposals=[one for one in proposals if one.pk != proposal.pk],
            clearances=clearances,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        act, opinion = request.POST.get("act", ""), request.POST.get("opinion", "")
        named = {"title": self.proposal.object_title}
        try:
            if act == "confirm":
                digest = request.POST.get("digest", "")
                confirm_words(self.proposal, acting_user=self.user(), digest=digest, opinion=opinion)
                said = _t("“%(title)s”的新文字已生效。") % named
            elif act == "refuse":
                refuse_words(self.proposal, acting_user=self.user(), opinion=opinion)
                said = _t("“%(title)s”的改动已退回。") % named
            elif act == "withdraw":
                withdraw_words(self.proposal, acting_user=self.user())
                said = _t("“%(title)s”的改动已撤回。") % named
            else:
                raise Refused(_t("请选择确认、退回或撤回。"))
        except Refused as refusal:
            self.proposal.refresh_from_db()
            return self.refuse(refusal, status=400)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("frame_texts"))


class FramePictureView(Admission):
    """A picture that the frame shows or somebody proposes for it, small, for those who propose and confirm."""

    roles = frozenset({CONTENT_REVIEWER.code, SITE_ADMIN.code})

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        image = get_image_model().objects.filter(pk=named["number"]).first()
        if image is None or image.pk not in pictures_to_look_at():
            raise Http404
        try:
            rendition = image.get_rendition(_LOOKED_AT)
            with rendition.file.storage.open(rendition.file.name, "rb") as stored:
                drawn = stored.read()
        except (FileNotFoundError, OSError) as error:
            raise Http404 from error
        return HttpResponse(drawn, content_type="image/png", headers={"Cache-Control": "private, no-store"})


class FramePanel(Component):
    """On the start page: what waits for the reader, and of their own for others; nothing when nothing does."""

    name = "frame-texts"
    order = 104
    template_name = "review/frame/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user: User = parent_context["request"].user
        waiting: QuerySet[FrameProposal] = proposals_for(user)
        total = waiting.count()
        return {
            "rows": proposal_rows(waiting[:_ROWS]),
            "total": total,
            "more": total > _ROWS,
            "own": proposal_rows(proposals_by(user)[:_ROWS]),
        }
