from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ContentLibraryConfig(AppConfig):
    name = "content_library"
    label = "content_library"
    verbose_name = _("信息资源库")

    def ready(self) -> None:
        from .checks import check_library_pages

        register(check_library_pages)
