"""The settings of the confidentiality scan that a rule pack decides. No database."""

from typing import Any

from govplatform.rule_packs.packs import RulePack


def thresholds(pack: RulePack) -> dict[str, Any]:
    """Return the fields of ``ScanSettings`` that ``pack`` decides."""
    return {
        "aggregation_persons": pack.limit("aggregation_persons").count,
        "aggregation_attributes": pack.limit("aggregation_attributes").count,
        "aggregation_column_persons": pack.limit("aggregation_column_persons").count,
        "severities": pack.severities,
    }
