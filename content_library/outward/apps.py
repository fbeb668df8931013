from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutwardConfig(AppConfig):
    """No tables: addresses, and the one thing that has to be heard (a site opens)."""

    name = "content_library.outward"
    label = "outward"
    verbose_name = _("开放接口")

    def ready(self) -> None:
        from . import signal_receivers

        signal_receivers.connect()
