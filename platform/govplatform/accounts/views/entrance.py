"""What the forms between password and console share: asked of whoever is signed in, they go on where one was going."""

from typing import TypeVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import BaseForm
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import FormView

Form = TypeVar("Form", bound=BaseForm)


class EntranceForm(LoginRequiredMixin, FormView[Form]):
    """A form that stands before the console; ``?next=`` is followed on this host alone."""

    def get_success_url(self) -> str:
        wanted = self.request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts={self.request.get_host()}):
            return wanted
        return "/admin/"
