from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeptLogsConfig(AppConfig):
    name = "govplatform.kept_logs"
    label = "kept_logs"
    verbose_name = _("日志留存")
