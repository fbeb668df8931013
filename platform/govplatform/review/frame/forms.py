"""The form of home page and columns: a reason for doubtful words, and refusals beside their fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import HelpPanel

from govplatform.refusals import Refused

from ..models import FrameProposal
from .kinds import FrameKind, kind_of
from .queries import compared, history_of
from .scanning import WordsRefused


def reason_field() -> forms.CharField:
    """A field for the reason why words stay that the scan doubts; a form calls it ``REASON`` (scanning.py)."""
    return forms.CharField(
        label=_("说明理由"),
        max_length=300,
        required=False,
        help_text=_("扫描提示文字存疑、确需使用时填写，供确认人参考。"),
    )


class FrameForm(WagtailAdminPageForm):
    """The form of a page of the frame."""

    frame_reason = reason_field()


class WaitingPanel(HelpPanel):
    """What waits for a second person, and what became of earlier words; nothing for a page that is just being made."""

    def __init__(self, content: str = "", template: str = "review/frame/waiting.html", **kwargs: Any) -> None:
        super().__init__(content, template, **kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        def is_shown(self) -> bool:
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            kind = kind_of(self.instance)
            if kind is None or self.instance.pk is None:
                return context
            return {**context, **words_of(kind, self.instance.pk, reader=self.request.user)}


def words_of(kind: FrameKind, object_id: int, *, reader: Any) -> dict[str, Any]:
    """Return what ``review/frame/waiting.html`` shows of one object: what waits, and what became of earlier words."""
    proposals, clearances = history_of(kind, object_id)
    waiting = next((p for p in proposals if p.state == FrameProposal.State.WAITING), None)
    return {
        "waiting": waiting,
        "rows": compared(waiting) if waiting is not None else [],
        "proposals": [p for p in proposals if p.state != FrameProposal.State.WAITING],
        "clearances": clearances,
        "may_withdraw": waiting is not None and waiting.proposed_by_id == reader.pk,
    }


def show_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Say the reasons on ``form``, those of words beside their fields."""
    if not isinstance(refusal, WordsRefused):
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return
    for name, reasons in refusal.fields.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)
