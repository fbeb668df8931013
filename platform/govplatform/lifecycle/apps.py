from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LifecycleConfig(AppConfig):
    name = "govplatform.lifecycle"
    label = "lifecycle"
    verbose_name = _("站点生命周期")

    def ready(self) -> None:
        from .merge.accounts_part import AccountsPart
        from .merge.addresses_part import AddressesPart
        from .merge.parts import register_part

        register_part("accounts", AccountsPart())
        register_part("addresses", AddressesPart())
