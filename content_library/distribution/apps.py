from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PushesConfig(AppConfig):
    name = "content_library.distribution"
    label = "pushes"
    verbose_name = _("推送与收回")

    def ready(self) -> None:
        from . import signal_receivers

        signal_receivers.connect()
