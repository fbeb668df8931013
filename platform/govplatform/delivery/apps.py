from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "govplatform.delivery"
    label = "delivery"
    verbose_name = _("静态发布")

    def ready(self) -> None:
        from govplatform.rendering.kept import register_kept_answers

        from .certain import find_certain

        register_kept_answers(find_certain)
