from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "sites.media"
    label = "media"
    verbose_name = _("图片与附件")

    def ready(self) -> None:
        from .kept import connect_signals
        from .models import SiteDocument, SiteImage

        connect_signals(SiteImage, SiteDocument)
