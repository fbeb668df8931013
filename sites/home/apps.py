from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "sites.home"
    label = "home"
    verbose_name = _("首页")

    def ready(self) -> None:
        from govplatform.lifecycle.merge.parts import register_part
        from govplatform.rendering.state import register_reading_ahead
        from sites.address_book.merging import LedgerPart
        from sites.pages.in_one_state import read_ahead

        register_reading_ahead(read_ahead)
        # Last: what is public there is told by rows that the other parts have moved.
        register_part("ledger", LedgerPart())
