from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "govplatform.console"
    label = "console"
    verbose_name = _("管理后台")

    def ready(self) -> None:
        from .chinese_joins import join_as_in_chinese

        join_as_in_chinese()
