from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArrivalsConfig(AppConfig):
    name = "sites.arrivals"
    label = "arrivals"
    verbose_name = _("外来网站接收")
