"""What the verbs that reset a password or a second factor share."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.verbs import VerbCommand

from ..models import AccountReset
from ..queries import get_user
from .resets import decide_reset, request_reset


class ResetVerb(VerbCommand):
    """Ask for a reset, or decide on one that waits: subclasses give ``what``. Without ``--as`` the shell does it at
    once.
    """

    what: str

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", help="whose it is")
        parser.add_argument("--reason", default="", help="why, and how the person was recognised")
        parser.add_argument("--confirm", type=int, metavar="NUMBER", help="carry out the reset of that number")
        parser.add_argument("--refuse", type=int, metavar="NUMBER", help="refuse the reset of that number")
        parser.add_argument("--as", dest="acting", metavar="USER", help="on whose behalf; without it, at once")

    def run(self, **options: Any) -> dict[str, Any]:
        number = options["confirm"] or options["refuse"]
        if bool(options["username"]) == bool(number) or (options["confirm"] and options["refuse"]):
            raise CommandError("name a person with --reason, or --confirm or --refuse a NUMBER")
        if number and not options["acting"]:
            raise CommandError("--confirm and --refuse need --as: the second person is somebody")
        acting_user = get_user(options["acting"]) if options["acting"] else None
        if options["username"]:
            person = get_user(options["username"])
            reset, link = request_reset(person, what=self.what, reason=options["reason"], acting_user=acting_user)
        else:
            reset = self._find(number)
            assert acting_user is not None
            link = decide_reset(reset, confirm=bool(options["confirm"]), acting_user=acting_user)
            reset.refresh_from_db()
        answer = {"reset": reset.pk, "user": reset.person.username, "what": reset.what, "state": reset.state}
        return {**answer, "link": link} if link else answer

    def _find(self, number: int) -> AccountReset:
        found = AccountReset.objects.filter(pk=number, what=self.what).first()
        if found is None:
            raise Refused(_("没有编号为 %(id)s 的重设。") % {"id": number})
        return found
