"""The system check of the sheet of consequences: the platform does not start with one that has gaps."""

from typing import Any

from django.core.checks import CheckMessage, Error

from govplatform.events.event import known_events
from govplatform.events.sheet import the_sheet


def check_sheet(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Return an error for each event without a list, and for each call that the facts of its event do not fit."""
    return [
        Error(fault, hint="The sheet of consequences is sites/wiring.py.", id="consequences.E001")
        for fault in the_sheet().faults(known_events())
    ]
