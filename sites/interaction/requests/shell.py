"""What the verb ``case`` does with a request for information alone."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure.delivering import open_letter, record_delivery
from govplatform.cases.disclosure.identity import look_at_identity
from govplatform.cases.disclosure.intake import FIELDS, read_request, submit_request
from govplatform.cases.disclosure.stopping import (
    ask_completion,
    ask_third_party,
    charge_fee,
    record_completion,
    record_opinion,
    record_payment,
)
from govplatform.cases.intake import TakenIn
from govplatform.cases.models import Attachment, Case, Decision, Way
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..answering import answer_case
from .screens import LETTER_FILES

#: The acts of a clerk or a handler.
REQUEST_ACTS = (
    "supplement", "complete", "third-party", "heard", "fee", "paid", "decide", "identify", "letter", "deliver",
)  # fmt: skip


def add_request_arguments(parser: CommandParser) -> None:
    parser.add_argument("--decision", choices=Decision.values, help="on a request for information")
    parser.add_argument("--who", default="", metavar="NAME", help="the third party that is asked")
    parser.add_argument("--agrees", choices=("yes", "no"), help="whether the third party agrees to disclosure")
    parser.add_argument(
        "--stop",
        type=int,
        metavar="N",
        help="which clock stop an opinion answers, where several third parties were asked",
    )
    parser.add_argument("--amount", default="", metavar="YUAN", help="the fee for excessive requests")
    parser.add_argument("--consent", default="", metavar="NAME", help="who has consented to extend a request")
    parser.add_argument("--way", choices=Way.values, help="by which the letter was delivered")


def submit_from_files(given: Mapping[str, str], text: str, site: Tenant, files: list[Attachment]) -> TakenIn:
    """Take in the request whose fields (``FIELDS``) stand in the contact file, and whose description is ``text``."""
    return submit_request(read_request({**given, "text": text}), site, nonce=new_nonce(), files=files)


def fields_of(lines: str) -> dict[str, str]:
    """Return the fields of a file with lines ``name=value``."""
    given = dict(line.split("=", 1) for line in lines.splitlines() if "=" in line)
    return {name: given[name] for name in FIELDS if name in given}


def handle_request(
    act: str, case: Case, user: User, options: Mapping[str, Any], read: Callable[[str], str]
) -> dict[str, Any]:
    """Carry out one of REQUEST_ACTS; return what is printed besides state and limit. Raises Refused."""
    text = read(options["text"]) if options["text"] else ""
    if act == "supplement":
        ask_completion(case, acting_user=user, text=text)
    elif act == "complete":
        record_completion(case, acting_user=user, text=text, reason=options["reason"])
    elif act == "third-party":
        ask_third_party(case, acting_user=user, who=options["who"], text=text)
    elif act == "heard":
        if options["agrees"] is None:
            raise CommandError(_("请用 --agrees 写明第三方是否同意公开。"))
        record_opinion(case, acting_user=user, agrees=options["agrees"] == "yes", text=text, place=options["stop"])
    elif act == "fee":
        charge_fee(case, acting_user=user, amount=options["amount"], text=text)
    elif act == "paid":
        record_payment(case, acting_user=user, reason=options["reason"])
    elif act == "decide":
        answer_case(case, text, acting_user=user, decision=options["decision"] or "")
    elif act == "deliver":
        record_delivery(case, acting_user=user, way=options["way"] or "", note=options["reason"])
    elif act == "identify":
        return {"identity": asdict(look_at_identity(case, _site(case), acting_user=user))}
    else:
        return {"file": _letter(case, user, options["out"])}
    return {}


# --- inside ------------------------------------------------------------------------------


def _site(case: Case) -> Tenant:
    if case.organisation is None:
        raise Refused(_("来信 %(number)s 没有交办，或者已经退回、改派。") % {"number": case.number})
    return case.organisation


def _letter(case: Case, user: User, out: str | None) -> str:
    if not out:
        raise CommandError(_("请用 --out 写明答复书存到哪个文件。"))
    ending = Path(out).suffix.lower().removeprefix(".")
    if ending not in LETTER_FILES:
        raise CommandError(_("答复书的文件名以 .docx 或 .pdf 结尾：%(name)s。") % {"name": out})
    _content_type, as_file = LETTER_FILES[ending]
    content = as_file(open_letter(case, _site(case), acting_user=user))
    try:
        Path(out).write_bytes(content)
    except OSError as problem:
        raise CommandError(_("无法写入文件 %(name)s。") % {"name": out}) from problem
    return out
