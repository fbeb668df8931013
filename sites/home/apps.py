from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "sites.home"
    label = "home"
    verbose_name = _("首页")

    def ready(self) -> None:
        from govplatform.lifecycle.merge.parts import register_part
        from sites.address_book.merging import LedgerPart

        # Last: what is public there is told by rows that the other parts have moved.
        register_part("ledger", LedgerPart())
