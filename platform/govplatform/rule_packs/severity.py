"""How serious a finding of the confidentiality scan is: a word that rule packs and the scanner share."""

from typing import Literal

Severity = Literal["block", "warn", "info"]
SEVERITIES: tuple[Severity, ...] = ("block", "warn", "info")
