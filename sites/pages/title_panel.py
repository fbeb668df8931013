"""The field of a title without Wagtail's script, which makes an address of the Latin characters in it."""

from typing import Any

from wagtail.admin.panels import TitleFieldPanel


class PlainTitlePanel(TitleFieldPanel):
    """Looks as Wagtail's does, and leaves the address alone (``given_addresses``)."""

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_attrs(self) -> dict[str, Any]:
            placeholder = self.get_placeholder()
            return {"placeholder": placeholder} if placeholder else {}
