from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServingConfig(AppConfig):
    name = "govplatform.serving"
    label = "serving"
    verbose_name = _("运行")
