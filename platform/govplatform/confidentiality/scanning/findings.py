"""The findings of a scan, as values that pass between processes."""

from dataclasses import asdict, dataclass
from typing import Any

from govplatform.rule_packs.severity import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a reviewer must judge.

    ``where``, ``offset``, ``length``: the place and the characters in it. ``excerpt``: masked, for people and logs.
    ``message``: Chinese, what is wrong and what to do. ``source``: the regulation it comes from. ``key``: equal for the
    same value found by the same rule in the same kind of place, so that a judgement can be carried from one version to
    the next; '' where none was made. ``suggestion``: what to write instead, or ''.
    """

    rule: str
    severity: Severity
    where: str
    offset: int
    length: int
    excerpt: str
    message: str = ""
    source: str = ""
    key: str = ""
    suggestion: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON can carry it."""
        return asdict(self)
