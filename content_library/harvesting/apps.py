from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HarvestingConfig(AppConfig):
    name = "content_library.harvesting"
    label = "harvesting"
    verbose_name = _("外部采集")
