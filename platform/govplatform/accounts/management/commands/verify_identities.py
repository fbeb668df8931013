"""Did everybody who approves, or decides who approves, come by the role as recorded? Exit 1 names who did not."""

from typing import Any

from govplatform.accounts.identity_faults import find_identity_faults
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Compare the roles that approve with the audit record."

    def run(self, **options: Any) -> dict[str, Any]:
        checked, faults = find_identity_faults()
        return {"ok": not faults, "checked": checked, "faults": faults}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
