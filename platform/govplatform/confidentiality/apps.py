from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfidentialityConfig(AppConfig):
    name = "govplatform.confidentiality"
    label = "confidentiality"
    verbose_name = _("保密扫描")

    def ready(self) -> None:
        from govplatform.rule_packs.names import SCANNING_RULES, register_names

        from . import signal_receivers

        signal_receivers.connect_signals()
        register_names(SCANNING_RULES, _scanning_rules)


def _scanning_rules() -> dict[str, Any]:
    """Every scanning rule with its name, for the rule packs that change severities and masks."""
    from .place_words import RULE_WORDS
    from .scanning.rules import RULE_IDS

    return {rule: RULE_WORDS[rule] for rule in sorted(RULE_IDS)}
