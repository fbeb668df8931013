"""A report of an error comes in: from the form of a public host, from the shell, from a table of the national platform.

It is a case like a letter, with an address that is checked here and never believed, and a title of the platform's own
making: what a stranger says the page is called stands nowhere.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant

from ..intake import TakenIn, submit_case
from ..kinds import Kind
from ..letters import TITLE, Letter, read_letter
from ..models import ErrorKind, ErrorReport
from ..queries import taking_in
from .places import LONGEST, Place, read_place


@dataclass(frozen=True)
class ErrorLetter(Letter):
    """A letter that reports an error. ``place``: where."""

    error_kind: str
    place: Place

    def told(self) -> str:
        return "\0".join((super().told(), self.error_kind, self.place.url))


def read_error(
    error_kind: str,
    page: str,
    text: str,
    *,
    name: str = "",
    phone: str = "",
    email: str = "",
    on: Tenant | None = None,
    any_host: bool = False,
) -> ErrorLetter:
    """Return the report. Raises Refused with a PlacedReason for each field that cannot be taken as it is.

    ``page``: a whole address, or a path of the site ``on``; an address of this platform unless ``any_host``.
    """
    reasons: list[str] = []
    if error_kind not in ErrorKind.values:
        reasons.append(PlacedReason(_("问题类型：请选择一个类型。"), "error_kind"))
    place = read_place(page, on=on)
    if reason := _reason_against(place, any_host=any_host):
        reasons.append(PlacedReason(reason, "page"))
    letter: Letter | None = None
    try:
        letter = read_letter(
            Kind.CORRECTION,
            str(Kind.CORRECTION.label),
            text,
            may_publish=True,
            name=name,
            phone=phone,
            email=email,
            kinds=(Kind.CORRECTION,),
        )
    except Refused as refusal:
        reasons += refusal.reasons
    if reasons or letter is None or place is None:
        raise Refused(reasons)
    title = _title(ErrorKind(error_kind), place)
    return ErrorLetter(letter.kind, title, letter.text, letter.may_publish, letter.contact, error_kind, place)


def submit_error(letter: ErrorLetter, site: Tenant, *, nonce: str, desk: Tenant | None = None) -> TakenIn:
    """Take in what was sent from the form ``nonce`` on ``site``, as ``submit_case`` does and with what it raises.

    It comes to the desk of the site whose page it is; where that has none any more, to the desk of ``site``.
    """
    place = letter.place
    with transaction.atomic():
        taken = submit_case(letter, site, nonce=nonce, desk=desk or _desk(place.site, site))
        if not taken.again:
            ErrorReport.objects.create(
                case=taken.case,
                error_kind=letter.error_kind,
                url=place.url,
                page_title=place.title,
                site=place.site,
            )
    return taken


# --- inside ------------------------------------------------------------------------------


def _reason_against(place: Place | None, *, any_host: bool) -> str:
    if place is None:
        told = {"most": LONGEST}
        return _("问题网址：请填写 http:// 或 https:// 开头的完整网址，最多 %(most)d 个字。") % told
    if place.site is None and not any_host:
        return _("问题网址：不是本平台网站的网址。其他网站的问题，请在该网站或国家平台反映。")
    return ""


def _desk(site: Tenant | None, other: Tenant) -> Tenant:
    if site is not None:
        try:
            return taking_in(site)
        except Refused:
            pass
    return taking_in(other)


def _title(kind: ErrorKind, place: Place) -> str:
    name = place.title or place.url
    room = TITLE - len(str(kind.label)) - len("：")
    return f"{kind.label}：{name if len(name) <= room else name[: room - 1] + '…'}"
