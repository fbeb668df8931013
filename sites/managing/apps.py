from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManagingConfig(AppConfig):
    name = "sites.managing"
    label = "managing"
    verbose_name = _("网站设置")
