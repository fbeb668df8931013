from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulePacksConfig(AppConfig):
    name = "govplatform.rule_packs"
    label = "rule_packs"
    verbose_name = _("规则包")

    def ready(self) -> None:
        from . import checks

        checks.register_checks()
