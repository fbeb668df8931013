from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "sites.service_guides"
    label = "services"
    verbose_name = _("办事服务")
