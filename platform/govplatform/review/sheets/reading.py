"""A sheet as plain values: what the clearance keeps, in words, and the rows of the audit chain that vouch for it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Disposition
from govplatform.confidentiality.place_words import rule_words, where_words
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url

from ..gate.digest import referred_files
from ..gate.requirements import is_structural
from ..gate.separation import lineage
from ..gate.signed import Signed, signed_as, transfers_of
from ..models import AfterReview, Clearance, ClearedFile, Decision, Withdrawal
from ..queries import site_path
from ..submission.emergency import is_void
from .fresh_identities import marks_of

#: Longest period of one print, in days: a year with its leap day.
LONGEST_PERIOD = 366


@dataclass(frozen=True)
class Signature:
    """One decision. ``entry``: the row of the site's audit chain that vouches for it, number:hash, '' if missing.

    ``marks``: that the person was given the role, or a way past a lost password or phone, within the day before.
    """

    step: str
    name: str
    verdict: str
    opinion: str
    at: str
    checklist: list[str]
    entry: str
    marks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """Everything on one sheet, as numbers, texts and lists of text, so that its seal is computable anywhere."""

    site: str
    page: int
    title: str
    column: str
    address: str
    status: str
    granted_at: str
    digest: str
    rule_pack: str
    scanner: str
    dictionary: str
    levels: int
    hands: list[str]
    signatures: list[Signature]
    findings: list[dict[str, str]]
    files: list[dict[str, str]]
    later: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return all values; without ``marks`` where there are none, so that sheets without any keep their seal."""
        values = asdict(self)
        for signature in values["signatures"]:
            if not signature["marks"]:
                del signature["marks"]
        return values


def sheet_of_page(page_id: int) -> Sheet:
    """Return the sheet of the page's newest clearance. Raises Refused when it was never cleared."""
    page = Page.objects.filter(pk=page_id, depth__gt=2).first()
    if page is None or is_structural(page):
        raise Refused(_("本站没有编号为 %(id)s 的信息。") % {"id": page_id})
    clearance = Clearance.objects.filter(page_id=page_id).order_by("-granted_at", "-pk").first()
    if clearance is None:
        raise Refused(_("“%(title)s”还没有通过审查，没有审查单可以打印。") % {"title": page.title})
    return read_sheet(clearance)


def sheets_of_period(since: date, until: date) -> list[Sheet]:
    """Return a sheet per clearance granted from ``since`` to ``until``, both days included.

    Raises Refused for a period that ends before it begins or is longer than a year.
    """
    if until < since:
        raise Refused(_("截止日期早于起始日期，请调整。"))
    if (until - since).days >= LONGEST_PERIOD:
        raise Refused(_("一次最多打印一年的审查单，请缩短期间。"))
    zone = timezone.get_current_timezone()
    start = datetime.combine(since, time.min, zone)
    end = datetime.combine(until + timedelta(days=1), time.min, zone)
    clearances = Clearance.objects.filter(granted_at__gte=start, granted_at__lt=end).order_by("granted_at", "pk")
    return [read_sheet(clearance) for clearance in clearances]


#: A sheet is a document of the office: in its language, whatever language the reader has chosen, so that the same
#: values give the same seal.
in_the_language_of_the_office = translation.override(settings.LANGUAGE_CODE)


@in_the_language_of_the_office
def read_sheet(clearance: Clearance) -> Sheet:
    """Return the sheet of ``clearance`` with what became of it; call inside its site."""
    tenant = current_tenant()
    page = Page.objects.get(pk=clearance.page_id)
    shown = clearance.revision.as_object()
    record = clearance.record or {}
    scan = record.get("scan", {})
    parent = page.get_parent()
    return Sheet(
        site=tenant.full_name,
        page=page.pk,
        title=str(shown.title),
        column=str(parent.title) if parent else "",
        address=public_url(tenant, site_path(page)),
        status=str(clearance.get_status_display()),
        granted_at=_moment(clearance.granted_at),
        digest=signed_as(clearance).digest,
        rule_pack=clearance.rule_pack,
        scanner=str(scan.get("scanner_version", "")),
        dictionary=str(scan.get("dictionary_version", "")),
        levels=clearance.levels,
        hands=_hands(page, clearance, shown),
        signatures=_signatures(clearance),
        findings=[_finding(item) for item in record.get("findings", ())],
        files=[
            {"kind": str(ClearedFile.Kind(f.kind).label), "name": f.name.rsplit("/", 1)[-1], "sm3": f.sm3}
            for f in clearance.files.all()
        ],
        later=_later(clearance),
    )


def _hands(page: Page, clearance: Clearance, shown: Any) -> list[str]:
    found = lineage(page, clearance.revision, referred_files(shown))
    people = User.objects.in_bulk(list(found))
    return sorted(f"{people.get(person, person)}：{'、'.join(sorted(what))}" for person, what in found.items())


def _signatures(clearance: Clearance) -> list[Signature]:
    """Return the approvals that the clearance rests on, in the order in which they were given."""
    signed = signed_as(clearance)
    given = Decision.objects.filter(
        page_id=clearance.page_id,
        revision_id=clearance.revision_id,
        digest=signed.digest,
        verdict=Decision.Verdict.APPROVED,
        decided_at__lte=clearance.granted_at,
    )
    decisions = list(given.order_by("decided_at", "pk"))
    rows, marks = _vouching_rows(signed), marks_of(decisions, signed.chain)
    signatures = []
    for decision in decisions:
        signatures.append(
            Signature(
                step=str(decision.get_step_display()),
                name=decision.reviewer_name,
                verdict=str(decision.get_verdict_display()),
                opinion=decision.opinion,
                at=_moment(decision.decided_at),
                checklist=_confirmed(decision),
                entry=rows.get((decision.reviewer_id, decision.step), ""),
                marks=marks.get(decision.pk, []),
            )
        )
    return signatures


def _vouching_rows(signed: Signed) -> dict[tuple[int, str], str]:
    # The chain of the site where it was signed is kept, also when the site is gone.
    entries = Entry.objects.filter(
        chain=signed.chain, act="review.approved", object_id=str(signed.page_id), object_type="wagtailcore.page"
    ).order_by("number")
    found = {}
    for entry in entries:
        if entry.detail.get("digest") == signed.digest and entry.actor_id is not None:
            found[(entry.actor_id, str(entry.detail.get("step", "")))] = f"{entry.number}:{entry.hash}"
    return found


def _confirmed(decision: Decision) -> list[str]:
    """Return the texts of the checklist's confirmed lines; the code where the pack has moved on."""
    try:
        pack = load_rule_pack(decision.rule_pack.split(" ", 1)[0])
        known = {item.code: item.text for items in pack.checklists.values() for item in items}
    except Refused:
        known = {}
    return [known.get(code, code) for code, confirmed in decision.checklist.items() if confirmed]


def _finding(item: dict[str, Any]) -> dict[str, str]:
    judgement = item.get("disposition") or {}
    verdict = judgement.get("verdict", "")
    return {
        "rule": str(item.get("rule", "")),
        "name": str(rule_words(str(item.get("rule", "")))),
        "severity": str(item.get("severity", "")),
        "place": "：".join(
            str(part) for part in (item.get("attachment"), where_words(str(item.get("where", "")))) if part
        ),
        "excerpt": str(item.get("excerpt", "")),
        "message": _(str(item.get("message", ""))),
        "verdict": str(Disposition.Verdict(verdict).label) if verdict in Disposition.Verdict.values else verdict,
        "reason": str(judgement.get("reason", "")),
        "person": str(judgement.get("person", "")),
    }


def _later(clearance: Clearance) -> list[str]:
    """Return what happened after the approval, in sentences."""
    lines = [
        _("%(at)s 随网站并入本站（并入编号 %(merge)s）：原站点 %(site)s，原页面 %(page)s，原审查通过 %(clearance)s")
        % {
            "at": _moment(transfer.made_at),
            "merge": transfer.merge_id,
            "site": transfer.source_schema,
            "page": transfer.source_page_id,
            "clearance": transfer.source_clearance_id,
        }
        for transfer in transfers_of(clearance)
    ]
    for again in AfterReview.objects.filter(clearance=clearance).select_related("submission", "clearance"):
        how = _("紧急发布") if again.submission.emergency else _("按常设审查决定发布，被抽查")
        if again.verdict:
            lines.append(
                _("%(how)s，%(at)s 由 %(who)s 事后复核：%(verdict)s。%(opinion)s")
                % {
                    "how": how,
                    "at": _moment(again.decided_at),
                    "who": again.reviewer_name,
                    "verdict": again.get_verdict_display(),
                    "opinion": again.opinion,
                }
            )
        elif is_void(again):
            lines.append(_("%(how)s；信息已经撤回，不再进行事后复核。") % {"how": how})
        else:
            lines.append(
                _("%(how)s，须在 %(due)s 前完成事后复核，尚未复核。") % {"how": how, "due": _moment(again.due_at)}
            )
    later = Clearance.objects.filter(page_id=clearance.page_id, granted_at__gt=clearance.granted_at)
    ended = later.order_by("granted_at").values_list("granted_at", flat=True).first()
    withdrawals: Iterable[Withdrawal] = Withdrawal.objects.filter(
        page_id=clearance.page_id, withdrawn_at__gte=clearance.granted_at
    ).select_related("withdrawn_by")
    for withdrawal in withdrawals:
        if ended is not None and withdrawal.withdrawn_at > ended:
            continue
        lines.append(
            _("%(at)s 由 %(who)s 撤回：%(reason)s")
            % {
                "at": _moment(withdrawal.withdrawn_at),
                "who": withdrawal.withdrawn_by or "",
                "reason": withdrawal.reason,
            }
        )
    return lines


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""
