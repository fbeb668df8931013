from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AddressesConfig(AppConfig):
    name = "govplatform.addresses"
    verbose_name = _("网址台账")
