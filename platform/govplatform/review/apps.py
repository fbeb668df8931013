from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "govplatform.review"
    label = "review"
    verbose_name = _("审核与发布")

    def ready(self) -> None:
        from . import signal_receivers

        signal_receivers.connect_signals()
