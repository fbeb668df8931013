"""The chooser of the home page's headline: it names what citizens can read, whatever number is sent."""

from typing import Any

from wagtail.admin.panels import PageChooserPanel
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from govplatform.row_numbers import row_number


class LivePageChooser(AdminPageChooser):
    """Whoever arranges the home page reads no drafts: neither a page that is none yet, nor a title that is not."""

    def get_instance(self, value: Any) -> Page | None:
        number = row_number(str(value.pk if isinstance(value, Page) else value))
        found: Page | None = Page.objects.filter(pk=number, live=True).first()
        return found.specific if found is not None else None

    def get_display_title(self, instance: Page) -> str:
        return str(instance.title)


class HeadlinePanel(PageChooserPanel):
    """The field of the headline with that chooser."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        chooser = LivePageChooser(target_models=self.page_type, can_choose_root=self.can_choose_root)
        return {**options, "widgets": {**options.get("widgets", {}), self.field_name: chooser}}
