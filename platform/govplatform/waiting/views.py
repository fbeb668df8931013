"""待办与提醒: everything that waits for the reader, on all sites, and what they want to be reminded of."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import ROLES
from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused

from .actions import change_reminders
from .queries import count_for, reminders_of, waiting_for
from .registry import kinds

#: So many of one kind are shown; the kind's own screen shows all.
_SHOWN = 50


class _ForEverybody(Admission):
    """Open to whoever holds a role here: everybody sees their own and nothing else."""

    roles = frozenset(ROLES)

    def may_open(self) -> bool:
        return bool(current_roles(self.request.user))


class WaitingView(_ForEverybody, Screen):
    """GET: what waits. POST: the settings."""

    template_name = "waiting/waiting.html"
    page_title = _("待办与提醒")
    header_icon = "mail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given, reminders = self.request.POST, reminders_of(self.user())
        groups = waiting_for(self.user())
        silent = set(reminders.silent) if not given else {k.code for k in kinds()} - set(given.getlist("bell"))
        mailed = set(reminders.mailed) if not given else set(given.getlist("mail"))
        return super().get_context_data(
            groups=[{"group": group, "rows": group.matters[:_SHOWN], "total": len(group.matters)} for group in groups],
            total=sum(len(group.matters) for group in groups),
            late=sum(group.late for group in groups),
            email=given.get("email", self.user().email),
            kinds=[
                {"code": kind.code, "label": kind.label, "bell": kind.code not in silent, "mail": kind.code in mailed}
                for kind in kinds()
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        known = {kind.code for kind in kinds()}
        try:
            change_reminders(
                self.user(),
                email=request.POST.get("email", "").replace("\x00", ""),
                silent=known - set(request.POST.getlist("bell")),
                mailed=known & set(request.POST.getlist("mail")),
                acting_user=self.user(),
            )
        except Refused as refusal:
            return self.refuse(refusal)
        messages.success(request, _t("提醒设置已保存。"))
        return redirect("waiting")


class CountView(_ForEverybody):
    """``{"total", "late"}`` for the bell beside the menu."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(count_for(self.user()))
