from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepostsConfig(AppConfig):
    name = "sites.reposts"
    label = "reposts"
    verbose_name = _("转载")

    def ready(self) -> None:
        from content_library.distribution.reposting import register_reposter

        from . import signal_receivers
        from .registered import SiteReposter

        register_reposter(SiteReposter())
        signal_receivers.connect()
