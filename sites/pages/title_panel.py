"""The field of a title: shown whole, without Wagtail's script, which makes an address of the Latin characters in it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import TitleFieldPanel

from .one_line import OneLine


class PlainTitlePanel(TitleFieldPanel):
    """Looks as Wagtail's does, grows with the title, and leaves the address alone (``given_addresses``)."""

    def __init__(self, *args: Any, help_text: Any = "", widget: Any = OneLine, **kwargs: Any) -> None:
        super().__init__(*args, help_text=help_text or _("公众看到的标题。"), widget=widget, **kwargs)

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_attrs(self) -> dict[str, Any]:
            placeholder = self.get_placeholder()
            return {"placeholder": placeholder} if placeholder else {}
