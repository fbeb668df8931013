from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AddressesConfig(AppConfig):
    name = "govplatform.addresses"
    verbose_name = _("网址台账")

    def ready(self) -> None:
        from govplatform.tenancy.hosts import register_leading_on, register_old_hosts

        from .redirector import lead_on
        from .resolving import OLD_HOSTS

        register_leading_on(lead_on)
        register_old_hosts(OLD_HOSTS)
