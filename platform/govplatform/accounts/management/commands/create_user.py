"""A new account; the password comes from a file, never from the command line."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.actions import create_user
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Create an account without any role."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--full-name", required=True, help="name as it is signed")
        parser.add_argument("--email", default="", help="mail address")
        parser.add_argument("--password-file", required=True, type=Path, help="its first line is the password")

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            lines = options["password_file"].read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("无法读取密码文件：%(error)s") % {"error": error}) from error
        user = create_user(
            options["username"],
            full_name=options["full_name"],
            password=lines[0] if lines else "",
            email=options["email"],
            acting_user=None,
        )
        return {"user": user.username, "roles": []}
