"""Signing in by password, being kept out after repeated failures, being told what happened in the meantime."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.admin.views.account import LoginView

from govplatform.locks.holding import holding
from govplatform.tenancy.hosts import console_url

from ..credentials.failed_sign_ins import failures_of
from ..credentials.people_of_browser import why_ended
from ..credentials.resets import resets_since
from ..forms import SignInForm
from ..models import AccountReset
from ..offers.rules import offers_to
from ..queries import places_of
from .offers import told

#: Added to the address of the sign-in page when a session ended by itself.
ENDED = "ended"


class SignInView(LoginView):
    """Wagtail's sign-in page with our form; whoever has no role here is told where they have one."""

    template_name = "console/sign_in.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = self.request.user
        if user.is_authenticated and not user.has_perm("wagtailadmin.access_admin"):
            # Wagtail sends people without access here; showing the form again would only puzzle them.
            list(messages.get_messages(self.request))
            places = [{**place, "url": console_url(place["tenant"])} for place in places_of(user)]
            offered = told(offers_to(user))
            return render(self.request, "console/no_role.html", {"places": places, "offers": offered}, status=403)
        response: HttpResponse = super().get(*args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["ended"] = why_ended(self.request) if ENDED in self.request.GET else ""
        return context

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        since = user.last_login or user.date_joined
        failures = failures_of(user.get_username(), since=since).count()
        resets = resets_since(user, since)
        # The password is right: what signing in writes (account, failures, record) comes behind the chain.
        with holding():
            response: HttpResponse = super().form_valid(form)
        if failures:
            messages.warning(
                self.request,
                _("上次登录以后，有 %(n)s 次用你的用户名登录失败，详见“我的账号”。如果不是你本人所为，请告知运维人员。")
                % {"n": failures},
            )
        for reset in resets:
            messages.warning(self.request, _told_of(reset))
        if offers_to(user).filter(accepted_at=None).exists():
            messages.info(self.request, _("有给你的任职邀请，请在首页查看并答复。"))
        return response


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows after too many failures."""
    wait = getattr(request, "seconds_to_wait", 0)
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    answer = render(
        request,
        "console/locked_out.html",
        {"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes, "seconds": wait},
        status=429,
    )
    answer.headers["Retry-After"] = str(wait or minutes * 60)
    return answer


def _told_of(reset: AccountReset) -> str:
    words = {"what": reset.get_what_display(), "first": reset.requested_by, "second": reset.decided_by}
    if reset.requested_by is None:
        return _("你的%(what)s已在服务器上重设。如果不是你本人提出的，请立即告知监管员。") % words
    if reset.decided_by is None:
        return _("你的%(what)s已由 %(first)s 重设。如果不是你本人提出的，请立即告知监管员。") % words
    return _("你的%(what)s已由 %(first)s 申请、%(second)s 确认重设。如果不是你本人提出的，请立即告知监管员。") % words
