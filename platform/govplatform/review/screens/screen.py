"""The data of the review screen: everything that a decision needs to see."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, TaskState, WorkflowState

from govplatform.accounts.models import User
from govplatform.rule_packs.packs import ChecklistItem, RulePack, site_rule_pack
from govplatform.rule_packs.time_words import left_words
from govplatform.tenancy.current import current_tenant

from ..findings.masking import MaskRequest, mask_requests
from ..findings.shown import ScanShown, scan_shown
from ..gate.digest import MISSING_FILE, ReferredFile, referred_files
from ..gate.levels import current_submission
from ..gate.separation import lineage, reasons_against_deciding
from ..gate.status import status_and_step
from ..models import Clearance, ClearedFile, Decision, Withdrawal
from ..reviewed_page import as_reviewed
from ..submission.deadlines import duty_deadlines, step_deadline
from .returned import last_return
from .state_facts import StateFact, read_state_facts

#: What the version on the screen is compared with (``?against=``).
AGAINST_RETURNED, AGAINST_CLEARED = "returned", "cleared"


@dataclass
class Screen:
    """One page as its reviewer sees it. ``step``: the step that is due, or None.

    ``shown``: the version under review, else the newest; ``changes``: what leads to it from an earlier version, the one
    that was returned or the one that was cleared (``against``); ``returned`` and ``cleared``: the last decision and
    clearance of another version; ``refusals``: why the reader may not decide; ``lost``: that what it repeats was taken
    back by its source; ``state_facts``: what belongs to its state, as beside the text.
    """

    page: Page
    shown: Any
    revision: Revision | None
    status: str
    step: str | None
    step_label: str
    submitted_by: str
    waiting_since: Any
    scan: ScanShown
    checklist: tuple[ChecklistItem, ...] = ()
    refusals: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    hands: list[dict[str, Any]] = field(default_factory=list)
    metadata: list[dict[str, str]] = field(default_factory=list)
    to_mask: list[MaskRequest] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    cleared: Clearance | None = None
    returned: Decision | None = None
    against: str = ""
    decisions: list[Decision] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    deadline: datetime | None = None
    urgent: bool = False
    state_facts: list[StateFact] = field(default_factory=list)
    lost: str = ""

    @property
    def left(self) -> str:
        """How much of the limit is left, in words; '' where nothing is due."""
        return left_words(self.deadline, timezone.now()) if self.deadline else ""

    @property
    def late(self) -> bool:
        return self.deadline is not None and self.deadline < timezone.now()

    @property
    def may_decide(self) -> bool:
        return self.step is not None and not self.refusals


def read_screen(page: Page, user: User, request: HttpRequest) -> Screen:
    """Gather the screen for ``page`` (specific). Call inside the site's schema."""
    state = page.current_workflow_state
    task_state = _due_task_state(state)
    revision = task_state.revision if task_state else page.get_latest_revision()
    shown = revision.as_object() if revision else page
    files = referred_files(shown)
    described = _described(files)
    pack = site_rule_pack()
    scan = scan_shown(shown, revision, files, described, pack)
    _status, step = status_and_step(page)
    where, facts = read_state_facts(page)
    lost = as_reviewed(shown).words_for_lost_source()
    screen = Screen(
        page=page,
        shown=shown,
        revision=revision,
        status=where.words,
        urgent=where.urgent,
        # What its source did stands above everything.
        state_facts=[fact for fact in facts if fact.text != lost],
        lost=lost,
        step=step,
        step_label=str(Decision.Step(step).label) if step else "",
        submitted_by=str(state.requested_by.get_full_name()) if state and state.requested_by else "",
        waiting_since=task_state.started_at if task_state else None,
        scan=scan,
        files=described,
        metadata=_metadata(shown, scan.fields),
        to_mask=mask_requests(page),
        decisions=list(Decision.objects.filter(page_id=page.pk).select_related("revision")),
        withdrawals=list(Withdrawal.objects.filter(page_id=page.pk).select_related("withdrawn_by", "confirmation")),
    )
    if revision is not None:
        screen.hands = _hands(page, revision, files)
        screen.cleared = Clearance.objects.filter(page_id=page.pk).exclude(revision=revision).first()
        screen.returned = last_return(page, besides=revision)
        _compare(screen, request.GET.get("against", ""), request)
    if task_state and step and revision is not None:
        screen.deadline = _deadline(page, task_state, pack)
        screen.checklist = pack.checklists[step]
        screen.refusals = reasons_against_deciding(page, task_state, task_state.task.specific, user, files)
    return screen


def _compare(screen: Screen, wanted: str, request: HttpRequest) -> None:
    """Compare with what was returned, for that is what the editor answers to; with what was cleared if ``wanted``."""
    bases = {AGAINST_RETURNED: screen.returned, AGAINST_CLEARED: screen.cleared}
    there = [code for code, base in bases.items() if base is not None]
    if not there:
        return
    screen.against = wanted if wanted in there else there[0]
    base = bases[screen.against]
    assert base is not None
    screen.changes = changes_between(screen.page, base.revision.as_object(), screen.shown, request)


def _deadline(page: Page, task_state: TaskState, pack: RulePack) -> datetime:
    """Return until when the step ought to be done, as the queue says it."""
    submission = current_submission(page)
    emergency = submission is not None and submission.emergency
    own = step_deadline(pack, task_state.started_at, emergency=emergency)
    key = (current_tenant().pk, page.pk)
    return min(own, duty_deadlines({key: page.cached_content_type.model}).get(key, own))


def _due_task_state(state: WorkflowState | None) -> TaskState | None:
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return None
    return state.current_task_state


def _described(files: list[ReferredFile]) -> list[dict[str, Any]]:
    """Return kind, title, name, size and address of each file as the console serves it."""
    images = get_image_model().objects.in_bulk([f.object_id for f in files if f.kind == ClearedFile.Kind.IMAGE])
    documents = get_document_model().objects.in_bulk([f.object_id for f in files if f.kind != ClearedFile.Kind.IMAGE])
    described = []
    for file in files:
        is_image = file.kind == ClearedFile.Kind.IMAGE
        item = (images if is_image else documents).get(file.object_id)
        described.append(
            {
                "kind": ClearedFile.Kind(file.kind).label,
                "title": item.title if item else "",
                "name": file.name.rsplit("/", 1)[-1],
                "size": item.get_file_size() if item and file.sm3 != MISSING_FILE else None,
                "missing": file.sm3 == MISSING_FILE,
                "url": _address(item, is_image) if item and file.sm3 != MISSING_FILE else "",
            }
        )
    return described


def _address(item: Any, is_image: bool) -> str:
    if is_image:
        return str(item.file.url)
    return reverse("wagtaildocs_serve", args=[item.pk, item.filename])


def _hands(page: Page, revision: Revision, files: list[ReferredFile]) -> list[dict[str, Any]]:
    found = lineage(page, revision, files)
    people = User.objects.in_bulk(list(found))
    return sorted(
        (
            {"who": str(people.get(user_id, user_id)), "what": "、".join(sorted(what))}
            for user_id, what in found.items()
        ),
        key=lambda hand: str(hand["who"]),
    )


def _metadata(shown: Any, marked: dict[str, str]) -> list[dict[str, str]]:
    """Return label and value of every piece of metadata that is filled in, in the order of the panels.

    ``marked``: place as the scan names it -> the same text with its findings marked.
    """
    places = dict(as_reviewed(shown).SCANNED_FIELDS)
    names: tuple[str, ...] = (
        "source", "author", "keywords", "summary", "audience", "index_number", "document_number", "issued_by",
        "issued_on", "addressee", "signature", "validity", "validity_note", "document_kind", "subject_class",
        "disclosure", "policy", "policies", "about", "form", "list_order", "go_live_at", "expire_at",
    )  # fmt: skip
    # What a kind of page has besides is typed too, and marked where the scan found something.
    names += tuple(name for name in places if name not in (*names, "title", "slug", "seo_title", "search_description"))
    rows = []
    known = {f.name for f in shown._meta.get_fields()}
    for name in names:
        if name not in known:
            continue
        value = getattr(shown, f"get_{name}_display", lambda name=name: getattr(shown, name))()
        if value not in (None, ""):
            value = marked.get(places.get(name, ""), _in_words(value))
            rows.append({"label": str(shown._meta.get_field(name).verbose_name), "value": value})
    return rows


def _in_words(value: Any) -> Any:
    """Return yes and no, and moments, as people read them."""
    if isinstance(value, bool):
        return _t("是") if value else _t("否")
    return date_format(localtime(value), "Y-m-d H:i") if isinstance(value, datetime) else value


def changes_between(page: Page, before: Any, after: Any, request: HttpRequest) -> list[Any]:
    """Return Wagtail's field comparisons that differ between two versions."""
    panel = page.get_edit_handler().get_bound_panel(instance=page, request=request, form=None)
    found = [comparison(before, after) for comparison in panel.get_comparison()]
    return [comparison for comparison in found if comparison.has_changed()]
