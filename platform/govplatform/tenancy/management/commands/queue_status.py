"""The verb ``queue_status``: the jobs that wait and run, by queue and site."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.tenancy.queue_status import describe_queues
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Show by queue and site what waits, since when, and what runs."

    def run(self, **options: Any) -> dict[str, Any]:
        return describe_queues()

    def describe(self, result: dict[str, Any]) -> str:
        lines = []
        for queue in result["queues"]:
            lines.append(f"{queue['queue']:<12} {queue['label']}  {queue['running']}/{queue['slots']}")
            for row in queue["sites"]:
                facts = _("等待 %(waiting)d，待重试 %(later)d，进行中 %(running)d") % row
                lines.append(f"  {row['site'] or '-':<16} {facts}  {row['since'] or row['running_since'] or ''}")
        return "\n".join(lines)
