from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "govplatform.review"
    label = "review"
    verbose_name = _("审核与发布")

    def ready(self) -> None:
        from . import signal_receivers
        from .page_checks import check_reviewed_pages

        signal_receivers.connect_signals()
        register(check_reviewed_pages)
