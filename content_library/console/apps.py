from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConsoleConfig(AppConfig):
    name = "content_library.console"
    label = "library_console"
    verbose_name = _("信息资源库（后台）")
