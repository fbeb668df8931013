from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WaitingConfig(AppConfig):
    name = "govplatform.waiting"
    label = "waiting"
    verbose_name = _("待办与提醒")
