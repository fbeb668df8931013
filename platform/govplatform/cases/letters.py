"""What a stranger sends: checked as a whole, with a sentence for each field that must be put right."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from govplatform.refusals import PlacedReason, Refused

from .contact import Contact
from .kinds import RULES, WRITTEN

#: Characters; the columns of the database are as wide.
TITLE, TEXT, NAME, PHONE, EMAIL = 100, 5000, 40, 30, 120
#: Nor what XML has no room for: what is written to a workbook or a letter is XML.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PHONE = frozenset("0123456789+-() 　")


@dataclass(frozen=True)
class Letter:
    """What was sent in, plain text as it was typed. ``may_publish`` only where its kind may be public."""

    kind: str
    title: str
    text: str
    may_publish: bool
    contact: Contact

    def told(self) -> str:
        """Everything that it says, to know it again."""
        parts = (self.kind, self.title, self.text, self.contact.name, self.contact.phone, self.contact.email)
        return "\0".join((*parts, "1" if self.may_publish else ""))


def read_letter(
    kind: str,
    title: str,
    text: str,
    *,
    may_publish: bool,
    name: str = "",
    phone: str = "",
    email: str = "",
    kinds: Collection[str] = WRITTEN,
    labels: Sequence[str] = (),
) -> Letter:
    """Return the letter, which is of one of ``kinds``. ``labels``: what its form calls title and text.

    Raises Refused with a PlacedReason for each field that cannot be taken as it is.
    """
    title, text = one_line(title), plain_text(text).strip()
    reasons = []
    if kind not in kinds:
        reasons.append(PlacedReason(_("类别：请选择一个类别。"), "kind"))
    title_label, text_label = labels or (_("标题"), _("内容"))
    for at, label, value in (("title", title_label, title), ("text", text_label, text)):
        if not value:
            reasons.append(PlacedReason(_("%(label)s：请填写。") % {"label": label}, at))
    reasons += [*too_long("title", title_label, title, TITLE), *too_long("text", text_label, text, TEXT)]
    contact, against_contact = read_contact(name, phone, email)
    if reasons or against_contact:
        raise Refused([*reasons, *against_contact])
    agreed = may_publish and RULES[kind].may_be_public
    return Letter(kind, title, text, agreed, contact)


def read_contact(name: str, phone: str, email: str) -> tuple[Contact, list[PlacedReason]]:
    """Return how somebody is reached, each part on one line, and a reason for each that must be put right."""
    name, phone, email = one_line(name), one_line(phone), one_line(email)
    reasons = [
        *too_long("name", _("姓名"), name, NAME),
        *too_long("phone", _("联系电话"), phone, PHONE),
        *too_long("email", _("电子邮箱"), email, EMAIL),
    ]
    if phone and not set(phone) <= _PHONE:
        reasons.append(PlacedReason(_("联系电话：只写数字，可以带区号和横线。"), "phone"))
    if email and len(email) <= EMAIL:
        try:
            validate_email(email)
        except ValidationError:
            reasons.append(PlacedReason(_("电子邮箱：请写成 name@example.com 的样子，或者不填。"), "email"))
    return Contact(name, phone, email), reasons


def too_long(at: str, label: str, value: str, most: int) -> list[PlacedReason]:
    """What is to be said of a ``value`` with more than ``most`` characters; empty where it has no more."""
    if len(value) <= most:
        return []
    told = {"label": label, "most": most, "n": len(value)}
    return [PlacedReason(_("%(label)s：最多 %(most)d 个字，现在有 %(n)d 个字。") % told, at)]


def checked_text(typed: str, most: int, at: str, label: str, *, needed: bool = True) -> str:
    """Return what was typed as text, without what surrounds it. Raises Refused where it is missing or too long."""
    text = plain_text(typed).strip()
    if needed and not text:
        raise Refused(PlacedReason(_("%(label)s：请填写。") % {"label": label}, at))
    if reasons := too_long(at, label, text, most):
        raise Refused(reasons)
    return text


def plain_text(text: str) -> str:
    """``text`` with one kind of line ends, and without NUL, other control characters and lone surrogates."""
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """``plain_text`` on one line, with single blanks."""
    return " ".join(plain_text(text).split())
