"""Say who stands in for a person, from one day to another."""

import datetime
from typing import Any

from django.core.management.base import CommandParser

from govplatform.accounts.absences import register_absence
from govplatform.accounts.queries import get_user
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Register days of absence and the deputy."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument(
            "--deputy", required=True, metavar="USER", help="user name of the person who sees the reviews meanwhile"
        )
        parser.add_argument("--from", dest="starts_on", required=True, type=datetime.date.fromisoformat, metavar="DATE")
        parser.add_argument("--until", dest="ends_on", required=True, type=datetime.date.fromisoformat, metavar="DATE")

    def run(self, **options: Any) -> dict[str, Any]:
        person = get_user(options["acting"])
        absence = register_absence(
            person,
            deputy=get_user(options["deputy"]),
            starts_on=options["starts_on"],
            ends_on=options["ends_on"],
            acting_user=person,
        )
        return {
            "absence": absence.pk,
            "person": person.username,
            "deputy": absence.deputy.username,
            "from": absence.starts_on,
            "until": absence.ends_on,
        }
