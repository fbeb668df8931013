"""A new account; its owner chooses the password with a one-time link, or it comes from a file, never from the command
line.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.actions import create_user
from govplatform.accounts.credentials.sign_in_links import issue_link, site_of_link
from govplatform.system_words import system_words
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Create an account without any role."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--full-name", required=True, help="name as it is signed")
        parser.add_argument("--email", default="", help="mail address")
        first = parser.add_mutually_exclusive_group(required=True)
        first.add_argument("--link", action="store_true", help="print a one-time link for the owner")
        first.add_argument("--password-file", type=Path, help="its first line is the password")
        parser.add_argument(
            "--temporary", action="store_true", help="the owner changes the password at the first sign-in"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        password = None if options["link"] else _first_line(options["password_file"])
        user = create_user(
            options["username"],
            full_name=options["full_name"],
            password=password,
            email=options["email"],
            must_change=options["temporary"],
            acting_user=None,
        )
        made: dict[str, Any] = {"user": user.username, "roles": []}
        if options["link"]:
            made["link"] = issue_link(user, on=site_of_link(), acting_user=None)
        return made


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("无法读取密码文件：%(error)s") % {"error": system_words(error)}) from error
    return lines[0] if lines else ""
