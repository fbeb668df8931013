from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenancyConfig(AppConfig):
    name = "govplatform.tenancy"
    label = "tenancy"
    verbose_name = _("站点与域名")

    def ready(self) -> None:
        from . import content_types, hosts, known_references, opening

        content_types.install()
        known_references.install()
        hosts.connect_signals()
        opening.connect_signals()
