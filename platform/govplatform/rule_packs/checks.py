"""System checks of rule packs and of the calendar of working days, for ``manage.py check``."""

from typing import Any

from django.core import checks

TAG = "rule_packs"


def register_checks() -> None:
    """Register the checks below; called when the app is ready."""
    checks.register(check_rule_packs, TAG)
    checks.register(check_calendar, TAG)


def check_rule_packs(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Return an error for everything that is wrong with a pack of this installation."""
    from .queries import pack_states

    return [checks.Error(fault, id="rule_packs.E001") for state in pack_states() for fault in state.faults]


def check_calendar(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Return a warning when the calendar ends soon: deadlines would then be computed without holidays."""
    from .queries import describe_calendar

    warning = describe_calendar()["warning"]
    return [checks.Warning(warning, id="rule_packs.W001")] if warning else []
