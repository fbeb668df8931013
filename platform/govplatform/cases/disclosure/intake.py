"""A request for information comes in: from the form of a public host, or from the shell.

It is a case like a letter: its title names the information, its text describes it (articles 29 and 30 of
《中华人民共和国政府信息公开条例》). Who asks lies beside it, encrypted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant

from ..intake import TakenIn, submit_case
from ..kinds import Kind
from ..letters import Letter, one_line, read_letter, too_long
from ..models import Applicant, Attachment, DisclosureRequest, Medium, Way
from .identity import Identity, encrypt_identity, read_identity

#: Characters of the number of a document.
DOCUMENT_NUMBER = 120
#: The names of the fields, as forms and the file of the verb have them.
FIELDS = (
    "applicant", "name", "document_kind", "document_number", "representative", "phone", "email", "address",
    "title", "wanted_number", "text", "medium", "way",
)  # fmt: skip


@dataclass(frozen=True)
class RequestLetter(Letter):
    """A letter that asks for information. ``wanted_number``: of the document, '' where it is not known."""

    applicant: str
    identity: Identity
    wanted_number: str
    medium: str
    way: str

    def told(self) -> str:
        who = self.identity
        parts = (who.name, who.document_kind, who.document_number, who.representative, who.address)
        return "\0".join((super().told(), self.applicant, *parts, self.wanted_number, self.medium, self.way))


def read_request(given: Mapping[str, str]) -> RequestLetter:
    """Return the request. ``given``: by the names of FIELDS, those that are missing count as ''.

    Raises Refused with a PlacedReason for each field that cannot be taken as it is.
    """
    sent = {name: given.get(name, "") for name in FIELDS}
    reasons: list[str] = []
    for name, choices, words in (
        ("applicant", Applicant, _("申请人：请选择自然人，或者单位的类别。")),
        ("medium", Medium, _("提供方式：请选择一种。")),
        ("way", Way, _("获取方式：请选择一种。")),
    ):
        if sent[name] not in choices.values:
            reasons.append(PlacedReason(words, name))
    identity, faults = read_identity(
        sent["applicant"],
        **{name: sent[name] for name in ("name", "document_kind", "document_number", "representative", "address")},
    )
    reasons += faults
    reasons += _reasons_against_reaching(sent)
    wanted = one_line(sent["wanted_number"])
    reasons += too_long("wanted_number", _("文号"), wanted, DOCUMENT_NUMBER)
    letter: Letter | None = None
    try:
        letter = read_letter(
            Kind.DISCLOSURE,
            sent["title"],
            sent["text"],
            may_publish=False,
            phone=sent["phone"],
            email=sent["email"],
            kinds=(Kind.DISCLOSURE,),
            labels=(_("信息名称"), _("信息描述")),
        )
    except Refused as refusal:
        reasons += refusal.reasons
    if reasons or letter is None:
        raise Refused(reasons)
    return RequestLetter(
        letter.kind, letter.title, letter.text, False, letter.contact,
        sent["applicant"], identity, wanted, sent["medium"], sent["way"],
    )  # fmt: skip


def submit_request(letter: RequestLetter, site: Tenant, *, nonce: str, files: Sequence[Attachment] = ()) -> TakenIn:
    """Take in what was sent from the form ``nonce`` on ``site``, as ``submit_case`` does and with what it raises."""
    with transaction.atomic():
        taken = submit_case(letter, site, nonce=nonce, files=files)
        if not taken.again:
            DisclosureRequest.objects.create(
                case=taken.case,
                applicant=letter.applicant,
                identity=encrypt_identity(letter.identity, taken.case.number),
                document_number=letter.wanted_number,
                medium=letter.medium,
                way=letter.way,
            )
    return taken


# --- inside ------------------------------------------------------------------------------


def _reasons_against_reaching(sent: Mapping[str, str]) -> list[str]:
    """How the applicant is reached must fit the way by which they want the answer."""
    reasons: list[str] = []
    if not one_line(sent["phone"]):
        reasons.append(PlacedReason(_("联系电话：请填写，收到申请后要与你确认。"), "phone"))
    if sent["way"] == Way.EMAIL and not one_line(sent["email"]):
        reasons.append(PlacedReason(_("电子邮箱：选择用电子邮件获取的，请填写。"), "email"))
    if sent["way"] == Way.POST and not one_line(sent["address"]):
        reasons.append(PlacedReason(_("通信地址：选择邮寄的，请填写。"), "address"))
    if sent["medium"] in (Medium.PAPER, Medium.DISC) and sent["way"] in (Way.ONLINE, Way.EMAIL):
        reasons.append(PlacedReason(_("获取方式：纸质文件和光盘只能邮寄或者当面领取。"), "way"))
    return reasons
