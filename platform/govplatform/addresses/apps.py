from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AddressesConfig(AppConfig):
    name = "govplatform.addresses"
    verbose_name = _("网址台账")

    def ready(self) -> None:
        from govplatform.tenancy.hosts import register_leading_on

        from .redirector import lead_on

        register_leading_on(lead_on)
