"""The shortest sequence of steps after which a fault is still there."""

import time
from collections.abc import Callable
from typing import Any

Steps = list[dict[str, Any]]
#: The faults of a walk over these steps, on a fresh database.
Attempt = Callable[[Steps], list[Any]]


def shrink(steps: Steps, fault: Any, attempt: Attempt, *, seconds: float = 600) -> Steps:
    """Leave out as many of ``steps`` as can be while a fault of the same name appears; larger pieces first.

    Ends with what it has when the time is over.
    """
    until = time.monotonic() + seconds
    steps = [step for step in steps if step["n"] <= fault.step]
    piece = max(1, len(steps) // 2)
    while time.monotonic() < until:
        start, left_out = len(steps), False
        while start > 0 and time.monotonic() < until:
            start = max(0, start - piece)
            shorter = steps[:start] + steps[start + piece :]
            if shorter and is_there(fault, attempt(shorter)):
                steps, left_out = shorter, True
        if piece == 1 and not left_out:
            break
        piece = max(1, piece // 2) if not left_out or piece > 1 else 1
    return steps


def is_there(fault: Any, faults: list[Any]) -> bool:
    """Whether one of ``faults`` is of the same kind: the same invariant, the same disagreement about the same act."""
    return any(
        other.name == fault.name
        and other.about.get("act") == fault.about.get("act")
        and other.about.get("allowed") == fault.about.get("allowed")
        for other in faults
    )
