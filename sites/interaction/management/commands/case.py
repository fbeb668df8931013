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
from govplatform.cases.error_reports.acts import hide_report, report_of
from govplatform.cases.error_reports.corrections import is_linked
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.intake import submit_case
from govplatform.cases.kinds import Kind
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case, ErrorKind, Judgement
from govplatform.cases.permissions import is_clerk_of
from govplatform.cases.queries import case_of_sender, find_case, shown_to_sender
from govplatform.cases.sender_acts import add_to_case, judge_answer
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.interaction.answering import LONGEST, answer_case
from sites.interaction.assigning import assign
from sites.interaction.correcting import drop_correction, open_correction, prepare_answer
from sites.interaction.keeping import KEEPING

#: What is done with a report of an error alone.
_OF_ERRORS = ("correct", "drop", "hide")
_ACTS = (
    "submit", "status", "add", "judge", "accept", "assign", "return", "extend", "answer", "close", "join", "part",
    "abuse", "restore", *_OF_ERRORS,
)  # fmt: skip
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
        parser.add_argument("--title", help="of the letter that is submitted; not for a report of an error")
        parser.add_argument("--page", metavar="URL", help="the page whose error is reported")
        parser.add_argument("--error", choices=ErrorKind.values, default=ErrorKind.OTHER, help="what is wrong with it")
        parser.add_argument(
            "--text", metavar="FILE", help="file with the text of letter, addition, judgement or answer (UTF-8)"
        )
        parser.add_argument("--contact", metavar="FILE", help="file with lines name=, phone=, email=")
        parser.add_argument("--public", action="store_true", help="letter and answer may be published")
        parser.add_argument("--code", help="the query code")
        parser.add_argument("--grade", choices=Judgement.Grade.values, help="what its sender thinks of the answer")
        parser.add_argument("--as", dest="acting", metavar="USER")
        parser.add_argument("--to", metavar="CODE", help="the site that answers")
        parser.add_argument("--into", metavar="NUMBER", help="the letter that it is joined to")
        parser.add_argument(
            "--reason",
            default="",
            help="why it is returned, extended, closed or kept off the list, or for who gets it",
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
    is_error = options["kind"] == Kind.CORRECTION
    needed = ("site", "kind", "page" if is_error else "title", "text")
    if missing := [f"--{name}" for name in needed if not options[name]]:
        raise CommandError(_("请写明 %(names)s。") % {"names": "、".join(missing)})
    if is_error:
        return _report(options)
    letter = read_letter(
        options["kind"],
        options["title"],
        _read(options["text"]),
        may_publish=options["public"],
        **(_contact(options["contact"]) if options["contact"] else {}),
    )
    taken = submit_case(letter, get_tenant(options["site"]), nonce=new_nonce())
    return {"number": taken.case.number, "query_code": taken.query_code, "due": taken.case.accept_due}


def _report(options: dict[str, Any]) -> dict[str, Any]:
    site = get_tenant(options["site"])
    contact: dict[str, Any] = _contact(options["contact"]) if options["contact"] else {}
    letter = read_error(options["error"], options["page"], _read(options["text"]), on=site, **contact)
    taken = submit_error(letter, site, nonce=new_nonce())
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
    elif act == "correct":
        _correct(case, user, options)
    elif act == "drop":
        drop_correction(case, acting_user=user)
    elif act == "hide":
        handles = case.organisation is not None and not is_clerk_of(user, case)
        site = case.organisation if handles and case.organisation is not None else case.desk
        hide_report(case, site, acting_user=user, reason=options["reason"])
    elif act in KEEPING:
        if act == "join" and not options["into"]:
            raise CommandError(_("请用 --into 写明并入哪件来信。"))
        KEEPING[act](case, {"into": options["into"] or "", "reason": options["reason"]}, user)
    else:
        {"return": return_case, "extend": extend_case, "close": close_case}[act](
            case, acting_user=user, reason=options["reason"]
        )


def _correct(case: Case, user: User, options: dict[str, Any]) -> None:
    """Open the correction; of one that is open the answer is written anew, where a text is given."""
    text = _read(options["text"]) if options["text"] else ""
    report = report_of(case)
    if text and report is not None and is_linked(case, report):
        prepare_answer(case, text, acting_user=user)
    else:
        open_correction(case, acting_user=user, answer=text)


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
