from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfidentialityConfig(AppConfig):
    name = "govplatform.confidentiality"
    label = "confidentiality"
    verbose_name = _("保密扫描")

    def ready(self) -> None:
        from . import signal_receivers

        signal_receivers.connect_signals()
