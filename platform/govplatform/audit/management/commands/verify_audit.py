"""The verb ``verify_audit``: is every audit chain complete and unchanged? Exit status 1 names each fault."""

from typing import Any

from govplatform.audit.chain import find_chain_faults
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Recompute every audit chain and compare it with its anchors."

    def run(self, **options: Any) -> dict[str, Any]:
        checked, faults = find_chain_faults()
        return {"ok": not faults, "checked": checked, "faults": faults}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
