"""The settings of a scan: thresholds of the rule pack, the site's allow-list, the words of the dictionaries."""

from dataclasses import asdict, dataclass, field
from typing import Any

from govplatform.dictionaries.effective import DictionaryWord
from govplatform.rule_packs.severity import Severity

#: Raised with every change that may find more, less or elsewhere: scans of an older one are out of date.
SCANNER_VERSION = "4"


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What a scan has to know. JSON-able through ``as_dict``/``from_dict``, for the guarded process.

    ``aggregation_persons``: so many persons in one page, table or file are an aggregation. ``aggregation_attributes``:
    so many attributes beside one name are. ``aggregation_column_persons``: so many persons in the last items of a
    column together are. ``severities``: rule id -> severity where the rule pack differs from the rule's own.
    ``allowed``: values that the site publishes on purpose (numbers without separators, addresses, e-mails).
    ``hash_key``: secret key of the hashes of values and persons, so that nobody finds these by trying.
    ``government_hosts``: hosts that a link may lead to, ``advertising_hosts``: hosts that none may lead to, with all
    hosts below them.
    """

    aggregation_persons: int = 3
    aggregation_attributes: int = 2
    severities: dict[str, Severity] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    words: tuple[DictionaryWord, ...] = ()
    government_hosts: tuple[str, ...] = (".gov.cn",)
    advertising_hosts: tuple[str, ...] = ()
    aggregation_column_persons: int = 10
    hash_key: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON can carry them into the guarded process."""
        return {**asdict(self), "allowed": sorted(self.allowed)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "ScanSettings":
        """Make the settings from what ``as_dict`` returned."""
        known = dict(values)
        known["allowed"] = frozenset(known.get("allowed", ()))
        known["words"] = tuple(DictionaryWord(**word) for word in known.get("words", ()))
        for name in ("government_hosts", "advertising_hosts"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**known)
