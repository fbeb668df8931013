"""The verb ``case``: what a citizen, a clerk and a handler do with one letter."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.cases.actions import accept_case, close_case, extend_case, return_case, take_case
from govplatform.cases.attachments import SentFile, open_attachment, read_files
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure.stopping import complete_by_sender
from govplatform.cases.error_reports.acts import hide_report, report_of
from govplatform.cases.error_reports.corrections import is_linked
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.intake import TakenIn, submit_case
from govplatform.cases.kinds import Kind
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Attachment, Case, ErrorKind, Judgement
from govplatform.cases.opinions import give_opinion
from govplatform.cases.permissions import is_clerk_of
from govplatform.cases.queries import case_of_sender, find_case, shown_to_sender
from govplatform.cases.sender_acts import add_to_case, judge_answer
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.mailboxes import find_addressee
from sites.interaction.answering import LONGEST, answer_case
from sites.interaction.assigning import assign
from sites.interaction.consulting import UNIT, ask_for_opinion, recall
from sites.interaction.correcting import drop_correction, open_correction, prepare_answer
from sites.interaction.keeping import KEEPING
from sites.interaction.requests.shell import (
    REQUEST_ACTS,
    add_request_arguments,
    fields_of,
    handle_request,
    submit_from_files,
)
from sites.interaction.writing import letter_to

#: What is done with a report of an error alone.
_OF_ERRORS = ("correct", "drop", "hide")
_ACTS = (
    "submit", "status", "add", "judge", "accept", "assign", "take", "return", "extend", "answer", "close", "join",
    "part", "abuse", "restore", "consult", "opinion", "recall", "open", *_OF_ERRORS, *REQUEST_ACTS,
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
        parser.add_argument(
            "--site", metavar="CODE", help="the site on which it is submitted, or from which an attachment is opened"
        )
        parser.add_argument("--kind", choices=Kind.values, help="of the letter that is submitted")
        parser.add_argument("--leader", metavar="PAGE", help="id of the page of the leader whose mailbox it goes to")
        parser.add_argument("--title", help="of the letter that is submitted; not for a report of an error")
        parser.add_argument("--page", metavar="URL", help="the page whose error is reported")
        parser.add_argument("--error", choices=ErrorKind.values, default=ErrorKind.OTHER, help="what is wrong with it")
        parser.add_argument(
            "--text", metavar="FILE", help="file with the text of letter, addition, judgement or answer (UTF-8)"
        )
        parser.add_argument("--attach", action="append", metavar="FILE", help="a picture, PDF or DOCX; repeatable")
        parser.add_argument("--place", type=int, metavar="N", help="number of the attachment that is opened")
        parser.add_argument(
            "--out",
            metavar="FILE",
            help="where the opened attachment is written, or the letter of a decision (.docx or .pdf)",
        )
        parser.add_argument(
            "--contact", metavar="FILE", help="file with lines name=, phone=, email=; all fields of a request"
        )
        add_request_arguments(parser)
        parser.add_argument("--public", action="store_true", help="letter and answer may be published")
        parser.add_argument("--code", help="the query code")
        parser.add_argument("--grade", choices=Judgement.Grade.values, help="what its sender thinks of the answer")
        parser.add_argument("--as", dest="acting", metavar="USER")
        parser.add_argument("--to", metavar="CODE", help="the site that answers, or is asked for its opinion")
        parser.add_argument("--unit", metavar="NAME", help="a unit without a site that is asked")
        parser.add_argument("--into", metavar="NUMBER", help="the letter that it is joined to")
        parser.add_argument(
            "--reason",
            default="",
            help="why it is returned, extended, closed, hidden, or came late; a note for who gets it, or of a delivery",
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
            told: dict[str, Any] = {}
            if act == "consult":
                told["link"] = _consult(case, user, options)
            elif act in REQUEST_ACTS:
                told = handle_request(act, case, user, options, _read)
            else:
                _handle(act, case, user, options)
            after = find_case(case.number)
        shown = {name: value for name, value in told.items() if value}
        return {"number": after.number, "state": after.state, "due": after.due, **shown}


def _submit(options: dict[str, Any]) -> dict[str, Any]:
    is_error = options["kind"] == Kind.CORRECTION
    is_request = options["kind"] == Kind.DISCLOSURE
    needed = ("site", "kind", "contact" if is_request else "page" if is_error else "title", "text")
    if missing := [f"--{name}" for name in needed if not options[name]]:
        raise CommandError(_("请写明 %(names)s。") % {"names": "、".join(missing)})
    if is_error:
        return _report(options)
    if is_request:
        site, given = get_tenant(options["site"]), fields_of(_read(options["contact"]))
        given |= {"title": options["title"]} if options["title"] else {}
        return _told(submit_from_files(given, _read(options["text"]), site, _files(options["attach"])))
    letter = read_letter(
        options["kind"],
        options["title"],
        _read(options["text"]),
        may_publish=options["public"],
        **(_contact(options["contact"]) if options["contact"] else {}),
    )
    site = get_tenant(options["site"])
    with tenant_context(site):
        leader = letter_to(find_addressee(options["leader"] or ""))
    with tenant_context(site):
        taken = submit_case(letter, site, nonce=new_nonce(), to_leader=leader, files=_files(options["attach"]))
    return _told(taken)


def _told(taken: TakenIn) -> dict[str, Any]:
    return {"number": taken.case.number, "query_code": taken.query_code, "due": taken.case.accept_due}


def _report(options: dict[str, Any]) -> dict[str, Any]:
    site = get_tenant(options["site"])
    contact: dict[str, Any] = _contact(options["contact"]) if options["contact"] else {}
    letter = read_error(options["error"], options["page"], _read(options["text"]), on=site, **contact)
    taken = submit_error(letter, site, nonce=new_nonce())
    return _told(taken)


def _as_sender(act: str, options: dict[str, Any]) -> dict[str, Any]:
    found = case_of_sender(options["number"], options["code"] or "")
    if found is None:
        raise Refused(_("编号或查询码不对，请核对后再查。"))
    text = _read(options["text"]) if options["text"] else ""
    if act == "add" and found.kind == Kind.DISCLOSURE:
        complete_by_sender(found, text)
        found.refresh_from_db()
    elif act == "add":
        add_to_case(found, text)
    elif act == "judge":
        judge_answer(found, options["grade"] or "", text)
    return shown_to_sender(found)


def _consult(case: Case, user: User, options: dict[str, Any]) -> str:
    return ask_for_opinion(case, _named(options), options["reason"], acting_user=user)


def _named(options: dict[str, Any]) -> str:
    if not options["to"] and not options["unit"]:
        raise CommandError(_("请用 --to 写明站点，或用 --unit 写明没有网站的单位。"))
    return f"{UNIT}{options['unit']}" if options["unit"] else str(options["to"])


def _handle(act: str, case: Case, user: User, options: dict[str, Any]) -> None:
    if act == "accept":
        accept_case(case, acting_user=user)
    elif act == "assign":
        if not options["to"]:
            raise CommandError(_("请用 --to 写明交给哪个站点。"))
        assign(case, get_tenant(options["to"]), acting_user=user, reason=options["reason"])
    elif act == "take":
        take_case(case, acting_user=user)
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
    elif act == "open":
        _open(case, user, options)
    elif act == "opinion":
        if not options["to"] or not options["text"]:
            raise CommandError(_("请用 --to 写明提出意见的站点，用 --text 写明意见的文件。"))
        give_opinion(case, get_tenant(options["to"]), _read(options["text"]), acting_user=user)
    elif act == "recall":
        recall(case, _named(options), acting_user=user)
    elif act in KEEPING:
        if act == "join" and not options["into"]:
            raise CommandError(_("请用 --into 写明并入哪件来信。"))
        KEEPING[act](case, {"into": options["into"] or "", "reason": options["reason"]}, user)
    elif act == "extend":
        extend_case(case, acting_user=user, reason=options["reason"], consent=options["consent"])
    else:
        {"return": return_case, "close": close_case}[act](case, acting_user=user, reason=options["reason"])


def _correct(case: Case, user: User, options: dict[str, Any]) -> None:
    """Open the correction; of one that is open the answer is written anew, where a text is given."""
    text = _read(options["text"]) if options["text"] else ""
    report = report_of(case)
    if text and report is not None and is_linked(case, report):
        prepare_answer(case, text, acting_user=user)
    else:
        open_correction(case, acting_user=user, answer=text)


def _open(case: Case, user: User, options: dict[str, Any]) -> None:
    if not options["place"] or not options["out"] or not options["site"]:
        raise CommandError(_("请用 --place 写明第几个附件，用 --site 写明从哪个站点查看，用 --out 写明存到哪个文件。"))
    _found, content = open_attachment(case, options["place"], get_tenant(options["site"]), acting_user=user)
    try:
        Path(options["out"]).write_bytes(content)
    except OSError as problem:
        raise CommandError(_("无法写入文件 %(name)s。") % {"name": options["out"]}) from problem


def _files(names: list[str] | None) -> list[Attachment]:
    try:
        return read_files([SentFile(Path(name).name, Path(name).read_bytes()) for name in names or []])
    except OSError as problem:
        raise CommandError(_("无法读取文件 %(name)s。") % {"name": problem.filename}) from problem


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
