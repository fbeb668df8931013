"""The verb ``check_isolation``: are the sites separated from each other? Exit status 1 names what is not."""

from typing import Any

from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "Check constraints across schemas, the two host registries, and leftovers."

    def run(self, **options: Any) -> dict[str, Any]:
        checked, faults = find_isolation_faults()
        return {"ok": not faults, "checked": checked, "faults": faults}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS
