"""The record of accounts made, staffed, reset and closed on all sites, for supervisors, who administer none of them.

A command on the server asks for no second person, so what was done with one stands apart and is counted on the start
page of every supervisor.
"""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

from govplatform.accounts.roles import SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.audit.queries import FROM_SHELL, identity_acts

from .audit_views import entries_by_day

SHOWN = timedelta(days=30)


class IdentityActsView(Screen):
    """The entries, newest first; with ``?from=shell`` those alone that were done with a command on the server."""

    template_name = "console/identity_acts.html"
    page_title = _("账号与任职记录")
    header_icon = "key"
    roles = frozenset({SUPERVISOR.code})

    def may_open(self) -> bool:
        return self.tenant.is_console and super().may_open()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        from_shell = self.request.GET.get("from") == "shell"
        page = self.page_of(identity_acts(from_shell=from_shell))
        return super().get_context_data(
            page=page, days=entries_by_day(list(page)), from_shell=from_shell, query=self.other_filters(), **kwargs
        )


class IdentityPanel(Component):
    """The start page's panel with the numbers of such entries in the last thirty days."""

    name = "identities"
    order = 160
    template_name = "console/panels/identities.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        numbers = (
            identity_acts(since=timezone.now() - SHOWN)
            .order_by()
            .aggregate(
                shell=Count("pk", filter=FROM_SHELL),
                resets=Count("pk", filter=Q(act="account.reset_confirmed")),
                grants=Count("pk", filter=Q(act="role.grant")),
            )
        )
        return dict(numbers)
