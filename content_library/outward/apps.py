from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutwardConfig(AppConfig):
    """The app of the open API, without tables of its own."""

    name = "content_library.outward"
    label = "outward"
    verbose_name = _("开放接口")
