"""The one-time link: shown once to whoever hands it over, opened by the owner of the account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from govplatform.refusals import Refused

from ..credentials.sign_in_links import LINK_TOKENS, has_begun
from ..forms import BeginForm
from ..models import User


@never_cache
def show_link(request: HttpRequest, person: User, link: str, *, go_on: str) -> HttpResponse:
    """The page with the link, which is never shown again; ``go_on``: where its button leads."""
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    return render(request, "accounts/link.html", {"person": person, "link": link, "go_on": go_on, "days": days})


class StartView(PasswordResetConfirmView):
    """Choosing the password with a one-time link. The token goes from the address into the session at once, so that
    it stays in no history and no referrer (Django's own way for forgotten passwords).
    """

    template_name = "console/start.html"
    form_class = BeginForm
    token_generator = LINK_TOKENS
    success_url = reverse_lazy("wagtailadmin_login")
    reset_url_token = "begin"
    user: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            # Whoever gave the link out and tries it here would choose the password of somebody else.
            answer = render(request, "console/start_signed_in.html", status=409)
            # Django's log names the address of every answer like this, and the token in it still opens the account.
            answer._has_been_logged = True  # type: ignore[attr-defined]
            # Nor is it told to whoever is asked for what the page shows.
            answer.headers["Referrer-Policy"] = "no-referrer"
            return answer
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN, "")
        return {**super().get_form_kwargs(), "token": token}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            form.save()
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
            return self.form_invalid(form)
        self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        messages.success(self.request, _("密码已经设定，请用它登录。"))
        return redirect(self.success_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.validlink:
            context["person"], context["again"] = self.user, has_begun(self.user)
        return context
