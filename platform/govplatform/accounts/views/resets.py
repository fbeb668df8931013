"""Resets of passwords and second factors, for the second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from ..credentials.resets import decide_reset
from ..models import AccountReset
from ..roles import OPERATOR, SUPERVISOR
from ..screens.screen import Screen
from .offers import named_act
from .start import show_link


class ResetsView(Screen):
    """What operators have asked for, for the second person; and what was done lately."""

    template_name = "accounts/resets.html"
    page_title = _("账号重设")
    header_icon = "key"
    roles = frozenset({OPERATOR.code, SUPERVISOR.code})

    def may_open(self) -> bool:
        return self.tenant.is_console and super().may_open()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resets = AccountReset.objects.select_related("person", "requested_by", "decided_by")
        waiting = resets.filter(state=AccountReset.State.WAITING)
        me = self.user().pk
        return super().get_context_data(
            waiting=[{"reset": r, "mine": me in (r.requested_by_id, r.person_id)} for r in waiting],
            decided=resets.exclude(state=AccountReset.State.WAITING)[:50],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("reset", "")
        reset = get_object_or_404(AccountReset, pk=row_number(number))
        confirm = named_act(request, "confirm", "refuse") == "confirm"
        try:
            link = decide_reset(reset, confirm=confirm, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal)
        if link:
            return show_link(request, reset.person, link, go_on=reverse("account_resets"))
        if confirm:
            messages.success(
                request, _t("已重设 %(user)s 的动态口令，本人下次登录时重新绑定。") % {"user": reset.person}
            )
        else:
            messages.success(request, _t("已驳回。"))
        return redirect("account_resets")
