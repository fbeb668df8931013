"""What citizens sent in and waits for the reader, on the start page: of the desk and of the site that answers."""

from typing import Any

from wagtail.admin.ui.components import Component

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CLERK, EDITOR
from govplatform.cases.clock import limit_of
from govplatform.cases.models import Case
from govplatform.cases.queries import most_overdue, to_accept, to_answer
from govplatform.tenancy.models import Tenant

ROWS = 8


class OverduePanel(Component):
    """To those who oversee all sites: how many letters are late, and which sites have most of them to answer."""

    name = "overdue_cases"
    order = 104
    template_name = "interaction_console/overdue_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        total, unassigned, rows = most_overdue(ROWS)
        return {"total": total, "unassigned": unassigned, "rows": rows}


class CasesPanel(Component):
    """The most urgent letters and reports of errors with their limits; late ones in red, with the article."""

    roles = frozenset({CLERK.code, EDITOR.code})
    name = "cases"
    order = 104
    template_name = "interaction_console/cases_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        here = Tenant.objects.filter(pk=request.tenant.pk)
        held = current_roles(request.user)
        cases: list[Case] = []
        if CLERK.code in held:
            cases += to_accept(here)[: ROWS + 1]
        if EDITOR.code in held:
            cases += to_answer(here)[: ROWS + 1]
        cases = sorted(
            {case.pk: case for case in cases}.values(), key=lambda case: (case.due or case.accept_due, case.pk)
        )
        return {
            "rows": [{"case": case, "limit": limit_of(case) if case.is_late else None} for case in cases[:ROWS]],
            "more": len(cases) > ROWS,
        }
