"""The verb ``init_platform``: make shared schema, template and console tenant; may be run again at any time."""

from typing import Any

from govplatform.lifecycle.actions import initialise_platform
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Prepare an empty or existing database for this version of the platform."

    def run(self, **options: Any) -> dict[str, Any]:
        return {"version": initialise_platform()}
