"""答问知识库: the entries of a site, those to look at again in front."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONTENT_REVIEWER, EDITOR

from .desk_views import DeskScreen
from .question_base import entries


class QuestionBaseView(DeskScreen):
    """Every entry with its state and the day on which it has to be looked at again."""

    roles = frozenset({EDITOR.code, CONTENT_REVIEWER.code})
    header_icon = "help"
    page_title = _("答问知识库")
    template_name = "interaction_console/question_base.html"

    def crumbs(self) -> list[tuple[str, str]]:
        # A reviewer has no inbox that the way back could lead to.
        return super().crumbs() if EDITOR.code in current_roles(self.request.user) else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        show = "due" if self.asked("show")["show"] == "due" else "all"
        return super().get_context_data(
            page=self.page_of(entries(due=show == "due").select_related("about")),
            due=entries(due=True).count(),
            show=show,
            may_write=EDITOR.code in current_roles(self.request.user),
            query=self.other_filters(),
            **kwargs,
        )
