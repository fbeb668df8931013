"""The panel 状态 with what only the whole platform knows: whether citizens see already what was published."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.delivery.queries import waiting_since
from govplatform.review.screens.state_facts import StateFact
from govplatform.review.screens.state_panel import StatePanel
from govplatform.rule_packs.time_words import span_words
from govplatform.tenancy.current import current_tenant


class DeliveredStatePanel(StatePanel):
    """Ours, and how long a change of the page waits to be in the files that citizens get."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        page = self.object
        if page.pk and page.first_published_at and (since := waiting_since(current_tenant(), page.pk)) is not None:
            said = _("改动已经生效，公众看到的页面正在更新，已等 %(age)s。") % {
                "age": span_words(since, timezone.now())
            }
            context["state_facts"] = [*context.get("state_facts", []), StateFact(_("公众网页"), said)]
        return context
