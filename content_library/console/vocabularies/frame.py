"""What the screens of the vocabularies share: who may open them, which vocabulary, and the way back."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import ROLES
from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.tenancy.current import current_tenant

from ...vocabularies.kinds import VOCABULARIES, Vocabulary
from ...vocabularies.models import Term
from ...vocabularies.permissions import MANAGERS, may_manage
from ...vocabularies.queries import get_term


def is_reader(user: Any) -> bool:
    """Tell whether the user may read the vocabularies: everybody with a role on this site."""
    return bool(current_roles(user))


def is_manager_here(user: Any) -> bool:
    """Tell whether the user may change terms here: a manager in the supervisor's console.

    Terms are changed there alone, because the record of changes is kept there.
    """
    return current_tenant().is_console and may_manage(user)


def find_vocabulary(code: str) -> Vocabulary:
    if code not in VOCABULARIES:
        raise Http404
    return VOCABULARIES[code]


class VocabularyAdmission(Admission):
    """The admission to an address of a vocabulary or of one of its terms; ``managing``: managers alone."""

    managing = False
    vocabulary: Vocabulary
    term: Term

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return MANAGERS if cls.managing else frozenset(ROLES)

    def may_open(self) -> bool:
        return is_manager_here(self.request.user) if self.managing else is_reader(self.request.user)

    def find(self, **named: Any) -> None:
        if "vocabulary" in named:
            self.vocabulary = find_vocabulary(named["vocabulary"])
        if "term_code" in named:
            term = get_term(self.vocabulary.code, named["term_code"])
            if term is None:
                raise Http404
            self.term = term

    def term_url(self) -> str:
        return reverse("vocabularies_term", args=[self.vocabulary.code, self.term.code])

    def tree_url(self) -> str:
        return reverse("vocabularies_tree", args=[self.vocabulary.code])


class VocabularyScreen(VocabularyAdmission, Screen):
    """A screen of a vocabulary or of a term."""

    header_icon = "list-ul"

    def crumbs(self) -> list[tuple[str, str]]:
        crumbs = [(reverse("vocabularies"), _("分类词表"))]
        if hasattr(self, "vocabulary"):
            crumbs.append((self.tree_url(), str(self.vocabulary.label)))
        if hasattr(self, "term"):
            crumbs.append((self.term_url(), self.term.label))
        # The path to a screen does not name the screen itself.
        return [crumb for crumb in crumbs if crumb[0] != self.request.path]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The templates get the objects; the address only names their codes.
        named = {name: getattr(self, name) for name in ("vocabulary", "term") if hasattr(self, name)}
        context: dict[str, Any] = super().get_context_data(**{**kwargs, **named})
        return context
