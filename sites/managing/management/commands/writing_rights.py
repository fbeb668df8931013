"""The command ``writing_rights``: in which columns an editor or a department of a site writes."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.actions import find_column
from sites.columns.writing_rights import departments_of_site, limit_editor, rights_of_editors, set_department


class Command(VerbCommand):
    help = "Tell or set in which columns an editor, or a department of editors, writes."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        who = parser.add_mutually_exclusive_group()
        who.add_argument("--editor", default="", metavar="USER", help="user name of the editor")
        who.add_argument("--department", default="", metavar="NAME", help="of a department; made if there is none")
        parser.add_argument("--members", default="", metavar="USER,USER", help="of the department; none dissolves it")
        parser.add_argument("--columns", default="", metavar="SLUG,SLUG", help="of an editor: none takes them away")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        acting_user = get_user(options["acting"]) if options["acting"] else None
        with tenant_context(get_tenant(options["site"])):
            columns = [find_column(slug) for slug in _parts(options["columns"])]
            if options["editor"]:
                limit_editor(get_user(options["editor"]), columns, acting_user=acting_user)
            elif options["department"]:
                members = [get_user(name) for name in _parts(options["members"])]
                set_department(options["department"], members, columns, acting_user=acting_user)
            elif options["columns"] or options["members"]:
                raise CommandError(_("请用 --editor 或 --department 指明是谁的写稿范围。"))
            return {
                "editors": [
                    {
                        "user": row["user"].username,
                        "limited": row["limited"],
                        "columns": [column.slug for column in row["columns"]],
                        "departments": row["departments"],
                    }
                    for row in rights_of_editors()
                ],
                "departments": [
                    {
                        "name": one["name"],
                        "members": [user.username for user in one["members"]],
                        "columns": [column.slug for column in one["columns"]],
                    }
                    for one in departments_of_site()
                ],
            }


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
