"""The verb ``case``: what a citizen, a clerk and a handler do with one letter."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.cases.actions import accept_case, close_case, extend_case, return_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.kinds import Kind
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case, Judgement
from govplatform.cases.queries import case_of_sender, find_case, shown_to_sender
from govplatform.cases.sender_acts import add_to_case, judge_answer
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.interaction.answering import LONGEST, answer_case
from sites.interaction.assigning import assign

_ACTS = ("submit", "status", "add", "judge", "accept", "assign", "return", "extend", "answer", "close")
#: What its sender does, who has no account but the query code.
_SENDERS = ("status", "add", "judge")
#: Bytes of a file with a text: more than the longest text, so that it is refused by the number of its characters.
_LARGEST = 8 * LONGEST


class Command(VerbCommand):
    help = "Submit a letter as a citizen would, ask for its state, or handle it."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=_ACTS, help="what is done with the letter")
        parser.add_argument("number", nargs="?", metavar="NUMBER", help="of the case; not for submit")
        parser.add_argument("--site", metavar="CODE", help="the site on which it is submitted")
        parser.add_argument("--kind", choices=Kind.values, help="of the letter that is submitted")
        parser.add_argument("--title", help="of the letter that is submitted")
        parser.add_argument(
            "--text", metavar="FILE", help="file with the text of letter, addition, judgement or answer (UTF-8)"
        )
        parser.add_argument("--contact", metavar="FILE", help="file with lines name=, phone=, email=")
        parser.add_argument("--public", action="store_true", help="letter and answer may be published")
        parser.add_argument("--code", help="the query code")
        parser.add_argument("--grade", choices=Judgement.Grade.values, help="what its sender thinks of the answer")
        parser.add_argument("--as", dest="acting", metavar="USER")
        parser.add_argument("--to", metavar="CODE", help="the site that answers")
        parser.add_argument(
            "--reason", default="", help="why it is returned, extended or closed, or a note for who gets it"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        act = options["act"]
        with schema_context("public"):
            if act == "submit":
                return _submit(options)
            if not options["number"]:
                raise CommandError(_("请写明来信的编号。"))
            if act in _SENDERS:
                return _as_sender(act, options)
            if not options["acting"]:
                raise CommandError(_("请用 --as 写明由谁办理。"))
            case, user = find_case(options["number"]), get_user(options["acting"])
            _handle(act, case, user, options)
            after = find_case(case.number)
        return {"number": after.number, "state": after.state, "due": after.due}


def _submit(options: dict[str, Any]) -> dict[str, Any]:
    if missing := [f"--{name}" for name in ("site", "kind", "title", "text") if not options[name]]:
        raise CommandError(_("请写明 %(names)s。") % {"names": "、".join(missing)})
    letter = read_letter(
        options["kind"],
        options["title"],
        _read(options["text"]),
        may_publish=options["public"],
        **(_contact(options["contact"]) if options["contact"] else {}),
    )
    taken = submit_case(letter, get_tenant(options["site"]), nonce=new_nonce())
    return {"number": taken.case.number, "query_code": taken.query_code, "due": taken.case.accept_due}


def _as_sender(act: str, options: dict[str, Any]) -> dict[str, Any]:
    found = case_of_sender(options["number"], options["code"] or "")
    if found is None:
        raise Refused(_("编号或查询码不对，请核对后再查。"))
    text = _read(options["text"]) if options["text"] else ""
    if act == "add":
        add_to_case(found, text)
    elif act == "judge":
        judge_answer(found, options["grade"] or "", text)
    return shown_to_sender(found)


def _handle(act: str, case: Case, user: User, options: dict[str, Any]) -> None:
    if act == "accept":
        accept_case(case, acting_user=user)
    elif act == "assign":
        if not options["to"]:
            raise CommandError(_("请用 --to 写明交给哪个站点。"))
        assign(case, get_tenant(options["to"]), acting_user=user, reason=options["reason"])
    elif act == "answer":
        if not options["text"]:
            raise CommandError(_("请用 --text 写明答复内容的文件。"))
        answer_case(case, _read(options["text"]), acting_user=user)
    else:
        {"return": return_case, "extend": extend_case, "close": close_case}[act](
            case, acting_user=user, reason=options["reason"]
        )


def _read(name: str) -> str:
    try:
        with Path(name).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise Refused(_("文件 %(name)s 太大。") % {"name": name})
        return content.decode("utf-8-sig")
    except OSError as problem:
        raise CommandError(_("无法读取文件 %(name)s。") % {"name": name}) from problem
    except UnicodeDecodeError as problem:
        raise Refused(_("文件 %(name)s 不是 UTF-8 编码。") % {"name": name}) from problem


def _contact(name: str) -> dict[str, str]:
    given = dict(line.split("=", 1) for line in _read(name).splitlines() if "=" in line)
    return {key: given[key] for key in ("name", "phone", "email") if key in given}
