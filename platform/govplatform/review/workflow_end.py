"""The function that Wagtail's settings name, called when the last task is approved.

Wagtail imports it while its own models are still loading, so nothing is imported at the top of this module.
"""

from typing import Any


def finish_workflow(workflow_state: Any, user: Any = None) -> None:
    """Clear and publish what was approved; see ``actions.finish_workflow``."""
    from .submission.actions import finish_workflow as finish

    finish(workflow_state, user)
