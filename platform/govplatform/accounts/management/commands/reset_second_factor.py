"""The second factor of somebody who lost it: asked for by one operator, confirmed by another or a supervisor."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.models import SecondFactorReset
from govplatform.accounts.queries import get_user
from govplatform.accounts.second_factor import decide_reset, request_reset
from govplatform.refusals import Refused
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Ask for the reset of a person's second factor, or decide on one that waits."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", help="whose second factor is lost")
        parser.add_argument("--reason", default="", help="why, and how the person was recognised")
        parser.add_argument("--confirm", type=int, metavar="NUMBER", help="carry out the reset of that number")
        parser.add_argument("--refuse", type=int, metavar="NUMBER", help="refuse the reset of that number")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER", help="on whose behalf")

    def run(self, **options: Any) -> dict[str, Any]:
        number = options["confirm"] or options["refuse"]
        if bool(options["username"]) == bool(number) or (options["confirm"] and options["refuse"]):
            raise CommandError("name a person with --reason, or --confirm or --refuse a NUMBER")
        acting_user = get_user(options["acting"])
        if options["username"]:
            reset = request_reset(get_user(options["username"]), reason=options["reason"], acting_user=acting_user)
        else:
            found = SecondFactorReset.objects.filter(pk=number).first()
            if found is None:
                raise Refused(_("没有编号为 %(id)s 的动态口令重设。") % {"id": number})
            decide_reset(found, confirm=bool(options["confirm"]), acting_user=acting_user)
            reset = SecondFactorReset.objects.get(pk=found.pk)
        return {"reset": reset.pk, "user": reset.person.username, "state": reset.state}
