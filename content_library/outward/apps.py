from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutwardConfig(AppConfig):
    """Addresses without tables of their own."""

    name = "content_library.outward"
    label = "outward"
    verbose_name = _("开放接口")
