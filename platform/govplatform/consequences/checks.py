"""The platform does not start with a sheet of consequences that has gaps."""

from typing import Any

from django.core.checks import CheckMessage, Error

from govplatform.events.event import known_events
from govplatform.events.sheet import the_sheet


def check_sheet(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Every event has its list, and every call on it can be made with the facts of its event."""
    return [
        Error(fault, hint="The sheet of consequences is sites/wiring.py.", id="consequences.E001")
        for fault in the_sheet().faults(known_events())
    ]
