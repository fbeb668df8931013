"""The answer to a case: a page of the site that answers, handed in with the same act."""

import re
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.cases.disclosure.deciding import note_particulars, written_letter
from govplatform.cases.kinds import RULES, Kind
from govplatform.cases.models import Case, Opinion, Supplement
from govplatform.cases.replies import note_handler, reasons_against_answering
from govplatform.cases.sender_acts import told_by_sender
from govplatform.confidentiality.scanning.engine import scan_document
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.refusals import PlacedReason, Refused
from govplatform.review.findings.highlighting import squeezed
from govplatform.review.gate.scans import scan_settings
from govplatform.review.submission.actions import submit_for_review
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.models import Tenant
from govplatform.untrusted_files.characters import NEEDLESS
from sites.columns.models import Column, ColumnType, ListTemplate
from sites.pages.masked_values import masked_text

from .models import PrivateReply, PublicReply, ReplyPage

#: Characters of an answer; more is an attachment, or a page of its own.
LONGEST = 20_000
#: Marks that turn the direction of what follows, and others that nobody sees: they stay in the case as they were typed.
UNSEEN = re.compile(f"[{NEEDLESS}]")


def answer_case(case: Case, text: str, *, acting_user: User, private: bool = False, decision: str = "") -> ReplyPage:
    """Write the answer and hand it in. ``private``: not to be published although its sender agreed. Raises Refused.

    ``decision``: on a request for information; ``text`` is what its handler writes inside the letter of that decision.

    An answer that a reviewer sent back gets a new version. Whether the case is still with this site is asked behind
    its lock, when the page is handed in.
    """
    text = _checked(text)
    if case.organisation is None:
        raise Refused(reasons_against_answering(acting_user, case))
    site = case.organisation
    with tenant_context(site):
        found = reply_to(case)
        if isinstance(found, PublicReply) and not case.may_publish:
            # Begun before it was said that this one is not published; what was begun is never handed in.
            found = None
        with acting(acting_user, on=site, pages=[found.pk] if found else []):
            case = Case.objects.select_related("desk", "organisation", "handler").get(pk=case.pk)
            if reasons := reasons_against_answering(acting_user, case):
                raise Refused(reasons)
            particulars = text
            if RULES[case.kind].decided:
                text = written_letter(case, decision, text)
            elif decision:
                raise Refused(_("只有依申请公开才有决定类型，这件来信直接答复。"))
            elif private and not RULES[case.kind].written:
                raise Refused(_("纠错的答复都公开。特殊情况不公开的，请先写明理由，定为不公开。"))
            page = _again(found, case, text, acting_user) if found else _first(case, text, site, acting_user, private)
            submit_for_review(page, acting_user=acting_user)
            note_handler(case, acting_user, private=private)
            note_particulars(case, particulars)
    return page


def reply_to(case: Case) -> ReplyPage | None:
    """Return the page with the answer on the current site, public or not; None while there is none."""
    for model in (PublicReply, PrivateReply) if case.may_publish else (PrivateReply, PublicReply):
        page: ReplyPage | None = model.objects.filter(case_number=case.number).order_by("-pk").first()
        if page is not None:
            return page
    return None


def said_by_unit(case: Case) -> str:
    """With what an answer begins: what the unit said for which this site answers; '' where there is none."""
    given = _of_unit(case)
    return given.text if given is not None else ""


def column_of_answers(kind: str = Kind.CONSULTATION) -> Column | None:
    """Return the column below which the current site's answers stand: the first public one of type 咨询投诉.

    A mailbox of leaders is none. ``kind``: of the case; letters to who asked for information stand below 依申请公开
    where there is such a column.
    """
    public = Column.objects.filter(live=True).exclude(list_template=ListTemplate.MAILBOX).order_by("path")
    if RULES[kind].decided and (column := public.filter(column_type=ColumnType.DISCLOSURE_REQUEST).first()) is not None:
        return column
    return public.filter(column_type=ColumnType.COMPLAINTS).first()


def masked_question(texts: Mapping[str, str]) -> dict[str, str]:
    """Return ``texts`` with what the scanner finds in them masked as the site's rule pack says."""
    pack, values = site_rule_pack(), {}
    for finding in scan_document([Piece(text, name) for name, text in texts.items()], scan_settings()).findings:
        masking = pack.masking.get(finding.rule)
        if masking is not None and finding.where in texts:
            value = squeezed(texts[finding.where][finding.offset : finding.offset + finding.length])
            values[value] = masking.mask(value)
    return {name: masked_text(text, values) for name, text in texts.items()}


def typed_question(case: Case) -> str:
    """Return what its sender wrote, without the marks that nobody sees."""
    return UNSEEN.sub("", told_by_sender(case))


# --- inside ------------------------------------------------------------------------------


def _checked(text: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text:
        raise Refused(PlacedReason(_("请填写答复内容。"), "answer"))
    if len(text) > LONGEST:
        told = {"most": LONGEST, "n": len(text)}
        raise Refused(PlacedReason(_("答复最多 %(most)d 个字，现在有 %(n)d 个字。") % told, "answer"))
    return text


def _first(case: Case, text: str, site: Tenant, acting_user: User, private: bool) -> ReplyPage:
    column = column_of_answers(case.kind)
    if column is None:
        raise Refused(_("本站没有公开的“咨询投诉”栏目，答复没有地方放。请站点管理员先建立这一栏目。"))
    assert case.accepted_at is not None
    asked = masked_question({"title": UNSEEN.sub("", case.title), "question": typed_question(case)})
    model = PrivateReply if private or not case.may_publish else PublicReply
    page = model(
        title=asked["title"],
        question=asked["question"],
        answer=text,
        case_number=case.number,
        case_kind=case.kind,
        accepted_on=timezone.localdate(case.accepted_at),
        department=_department(case, site),
        source=site.organiser or site.full_name,
        repostable=False,
        owner=acting_user,
    )
    column.add_child(instance=page)
    page.save_revision(user=acting_user)
    return page


def _department(case: Case, site: Tenant) -> str:
    """Who answers: the unit for which this site answers, else the site."""
    given = _of_unit(case)
    return str(given.unit) if given is not None else site.organiser or site.full_name


def _of_unit(case: Case) -> Opinion | None:
    """What a unit without a site said, where nobody else said anything."""
    given = list(Opinion.objects.select_related("unit").filter(case=case, given_at__isnull=False)[:2])
    return given[0] if len(given) == 1 and given[0].unit is not None else None


def _again(page: ReplyPage, case: Case, text: str, acting_user: User) -> ReplyPage:
    newest = page.get_latest_revision_as_object()
    newest.answer = text
    if Supplement.objects.filter(case=case, at__gt=page.latest_revision_created_at).exists():
        # What was added meanwhile stands beside the answer that takes it into account.
        newest.question = masked_question({"question": typed_question(case)})["question"]
    newest.save_revision(user=acting_user)
    return page
