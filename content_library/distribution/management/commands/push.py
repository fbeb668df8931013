"""The verb ``push``: make a set of sites repost a resource."""

from typing import Any

from django.core.management.base import CommandParser

from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.delivery import deliver
from content_library.distribution.queries import push_progress
from content_library.resources.queries import get_resource
from govplatform.accounts.queries import get_user
from govplatform.verbs import VerbCommand

_STEP = 10


class Command(VerbCommand):
    help = "Have sites repost a resource: --to level=county | parent=CODE | site=A,B | kind=portal, joined by ';'."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uuid", metavar="UUID")
        parser.add_argument(
            "--to",
            required=True,
            metavar="SELECTOR",
            help="level=county | parent=CODE | site=A,B | kind=portal, joined by ';'",
        )
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user, resource = get_user(options["acting"]), get_resource(options["uuid"])
        push = push_resource(resource, selector=options["to"], acting_user=user)
        # The verb works beside the workers, which begin with the first: from the other end neither waits for the other.
        ids = list(push.targets.order_by("-pk").values_list("pk", flat=True))
        for start in range(0, len(ids), _STEP):
            deliver(ids[start : start + _STEP])
            self.progress(min(start + _STEP, len(ids)), len(ids))
        due = push.targets.order_by("due_at").first()
        progress = push_progress(push)
        return {
            "push": push.pk,
            "targets": push.total,
            "deadline": due.due_at.isoformat(timespec="seconds") if due else None,
            "postponed": progress["postponed"],
            "refused_sites": progress["refused"],
        }
