from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "sites.media"
    label = "media"
    verbose_name = _("图片与附件")

    def ready(self) -> None:
        from govplatform.lifecycle.merge.parts import register_part

        from .kept import connect_signals
        from .merging import FilesPart
        from .models import SiteDocument, SiteImage

        connect_signals(SiteImage, SiteDocument)
        register_part("files", FilesPart())
