"""Who asks for information: read, encrypted at rest, seen by the handler alone, and every look recorded.

《中华人民共和国政府信息公开条例》第二十九条 asks for name, proof of identity and contact. Phone and mail address are
contact data as with letters; the rest lies beside the request with the same key, bound to the number.
"""

import json
import re
from dataclasses import asdict, dataclass

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.models import User
from govplatform.confidentiality.scanning.rules.identity_numbers import is_credit_code, is_identity_number
from govplatform.refusals import PlacedReason
from govplatform.tenancy.models import Tenant

from ..actions import held_case, note_step, require
from ..contact import decrypt_bytes, encrypt_bytes
from ..letters import one_line, too_long
from ..models import Applicant, Case, CaseStep, DisclosureRequest
from ..permissions import reasons_against_identifying

#: Characters.
NAME, DOCUMENT, ADDRESS = 100, 40, 200
_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)
_OTHER_NUMBER = re.compile(r"[0-9A-Za-z()（）字第号\u4e00-\u9fff-]{4,40}")


class DocumentKind(models.TextChoices):
    """By what a person proves who they are."""

    IDENTITY_CARD = "id", _("居民身份证")
    PASSPORT = "passport", _("护照")
    TRAVEL_PERMIT = "permit", _("港澳台居民来往内地（大陆）通行证")
    OTHER = "other", _("其他有效证件")


@dataclass(frozen=True)
class Identity:
    """Who asks. ``document_kind``: '' for an organisation, whose ``document_number`` is its unified credit code and
    which has a ``representative``. ``address``: for post, may be ''.
    """

    name: str
    document_kind: str
    document_number: str
    representative: str = ""
    address: str = ""

    @property
    def document_words(self) -> str:
        """The name of the document."""
        return str(DocumentKind(self.document_kind).label) if self.document_kind else _t("统一社会信用代码")


def read_identity(
    applicant: str, *, name: str, document_kind: str, document_number: str, representative: str, address: str
) -> tuple[Identity, list[str]]:
    """Return who asks and a PlacedReason for each field that cannot be taken as it is."""
    person = applicant == Applicant.PERSON
    name, address = one_line(name), one_line(address)
    number = "".join(document_number.split()).upper()[: 2 * DOCUMENT]
    representative = "" if person else one_line(representative)
    kind = document_kind if person else ""
    reasons: list[str] = []
    for at, label, value, most, needed in (
        ("name", _t("姓名") if person else _t("单位名称"), name, NAME, True),
        ("representative", _t("法定代表人"), representative, NAME, not person),
        ("address", _t("通信地址"), address, ADDRESS, False),
    ):
        if needed and not value:
            reasons.append(PlacedReason(_t("%(label)s：请填写。") % {"label": label}, at))
        reasons += too_long(at, label, value, most)
    if person and kind not in DocumentKind.values:
        reasons.append(PlacedReason(_t("证件类型：请选择。"), "document_kind"))
    if words := _reason_against_number(number, person, kind):
        reasons.append(PlacedReason(words, "document_number"))
    return Identity(name, kind, number, representative, address), reasons


def encrypt_identity(identity: Identity, number: str) -> bytes:
    """Return ``identity`` encrypted for the request ``number``."""
    return encrypt_bytes(json.dumps(asdict(identity), ensure_ascii=False).encode(), _bound_to(number))


def decrypt_identity(kept: bytes | memoryview, number: str) -> Identity:
    """Return who asks. Raises Refused where the key is another one."""
    return Identity(**json.loads(decrypt_bytes(kept, _bound_to(number))))


def look_at_identity(case: Case, site: Tenant, *, acting_user: User) -> Identity:
    """Return who asks, to the handler; each look is recorded. ``site``: from whose console. Raises Refused."""
    with held_case(case, site, acting_user) as case:
        identity = identity_for(case, acting_user)
        note_step(case, CaseStep.Act.IDENTIFIED, case.state, acting_user)
    return identity


def identity_for(case: Case, user: User) -> Identity:
    """Return who asks, inside an act that records it. Raises Refused, also where it was removed after its term."""
    request = DisclosureRequest.objects.filter(case=case).first()
    gone = _t("申请人的身份信息已经按保存期限清除。")
    require(reasons_against_identifying(user, case), [] if request and request.identity is not None else [gone])
    assert request is not None and request.identity is not None
    return decrypt_identity(request.identity, case.number)


# --- inside ------------------------------------------------------------------------------


def _bound_to(number: str) -> str:
    return f"{number}/identity"


def _reason_against_number(number: str, person: bool, kind: str) -> str:
    """Why ``number`` is not taken, '' if it is: one with all its characters has a typing error, which is said so."""
    if not person:
        if not _CODE.fullmatch(number):
            return _t("统一社会信用代码：应当是 18 位数字和大写字母，请对照营业执照或登记证书核对。")
        return "" if is_credit_code(number) else _t("统一社会信用代码：校验位不符，有一位填错了，请逐位核对。")
    if kind == DocumentKind.IDENTITY_CARD:
        if not _NUMBER.fullmatch(number):
            return _t("证件号码：居民身份证号码应当是 18 位，请核对。")
        return (
            "" if is_identity_number(number) else _t("证件号码：校验位、日期或者地区不符，有一位填错了，请逐位核对。")
        )
    return "" if _OTHER_NUMBER.fullmatch(number) else _t("证件号码：请填写 4 到 40 位的证件号码。")
