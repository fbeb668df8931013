"""What the screens share: who may see them, which vocabulary, and the way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from govplatform.review.permissions import current_roles
from govplatform.tenancy.current import current_tenant

from ..kinds import VOCABULARIES, Vocabulary
from ..models import Term
from ..permissions import may_manage
from ..queries import get_term


def is_reader(user: Any) -> bool:
    """Everybody with a role on this site reads the vocabularies."""
    return bool(current_roles(user))


def is_manager_here(user: Any) -> bool:
    """Terms are changed in the supervisor's console alone, where its record is kept."""
    return current_tenant().is_console and may_manage(user)


def readers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_reader(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def find_vocabulary(code: str) -> Vocabulary:
    if code not in VOCABULARIES:
        raise Http404
    return VOCABULARIES[code]


class VocabularyMixin(WagtailAdminTemplateMixin):
    """A screen of one vocabulary; ``managing`` ones are for the managers alone."""

    header_icon = "list-ul"
    _show_breadcrumbs = True
    managing = False
    request: HttpRequest
    vocabulary: Vocabulary
    term: Term

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = is_manager_here(request.user) if self.managing else is_reader(request.user)
        if not allowed:
            raise PermissionDenied
        if "vocabulary" in kwargs:
            self.vocabulary = find_vocabulary(kwargs["vocabulary"])
        if "term_code" in kwargs:
            term = get_term(self.vocabulary.code, kwargs["term_code"])
            if term is None:
                raise Http404
            self.term = term
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        # a copy: Wagtail hands out the one list that all screens of the process share
        items: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        items.append({"url": reverse("vocabularies"), "label": _("分类词表")})
        if hasattr(self, "vocabulary"):
            url = reverse("vocabularies_tree", args=[self.vocabulary.code])
            items.append({"url": url, "label": self.vocabulary.label})
        if hasattr(self, "term"):
            items.append({"url": self.term_url(), "label": self.term.label})
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # What the address names by code, as what it is.
        named = {name: getattr(self, name) for name in ("vocabulary", "term") if hasattr(self, name)}
        context: dict[str, Any] = super().get_context_data(**{**kwargs, **named})
        return context

    def term_url(self) -> str:
        return reverse("vocabularies_term", args=[self.vocabulary.code, self.term.code])

    def tree_url(self) -> str:
        return reverse("vocabularies_tree", args=[self.vocabulary.code])
