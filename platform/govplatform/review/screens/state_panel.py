"""The panel 状态 beside the text: where the page is, in our words, with reasons, limits and names."""

from typing import Any

from wagtail.admin.ui.side_panels import PageStatusSidePanel

from .state_facts import read_state_facts


class StatePanel(PageStatusSidePanel):
    """Wagtail's panel with our state in the place of its own.

    Wagtail knows drafts and workflows alone; its button for a schedule opens a dialog that no form of ours has. Ours
    leads to the fields, which are reviewed with the content.
    """

    @classmethod
    def instead_of(cls, panel: PageStatusSidePanel) -> "StatePanel":
        """Return ours with what Wagtail's was given."""
        return cls(
            panel.object,
            panel.request,
            live_object=panel.live_object,
            scheduled_object=panel.scheduled_object,
            locale=panel.locale,
            translations=panel.translations,
            parent_page=panel.parent_page,
        )

    def get_status_templates(self, context: Any) -> list[str]:
        _wagtail_s, *others = super().get_status_templates(context)
        return ["review/state_panel.html", *others]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = self.object
        context["may_schedule"] = not page.pk or not page.get_lock()
        if page.pk:
            context["state"], context["state_facts"] = read_state_facts(page)
        return context
