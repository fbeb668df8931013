"""Reposting: making a draft of a resource on a column, following new versions of the source, taking the page down."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, WorkflowState
from wagtail.signal_handlers import disable_reference_index_auto_update

from content_library.distribution.provenance import source_of_page
from content_library.distribution.pushes.answering import answer_duties
from content_library.distribution.reposting import (
    MadeRepost,
    origin_of,
    reasons_against_receiving,
    reasons_against_reposting,
    reposts_on,
)
from content_library.models import Repost, Resource, ResourceVersion
from content_library.resources.showing import is_shown
from content_library.vocabularies.words import value_in_words
from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import hold_shared, holding
from govplatform.refusals import Refused
from govplatform.review.events import PageWithdrawn
from govplatform.review.gate.requirements import moment_to_withdraw
from govplatform.review.gate.status import page_status
from govplatform.review.models import Clearance, Withdrawal
from govplatform.review.permissions import SUBMIT, may_on_content, may_write_at
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import submit_for_review
from govplatform.tenancy.current import current_tenant
from sites.columns.models import Column
from sites.pages.content_page import ContentPage

from .copying import build_copy
from .models import RepostPage
from .permissions import require_editor


def repost_resource(
    resource: Resource, *, column: Column, mode: str, acting_user: User, submit: bool = False
) -> MadeRepost:
    """Make a draft of ``acting_user`` on ``column`` of the current site that reposts ``resource``.

    If the resource is itself a repost or copy, its origin is reposted. ``mode``: a value of ``Repost.Mode``. With
    ``submit`` the draft goes to review at once; what speaks against that is in the answer's ``reasons`` and the draft
    stays. Raises Refused with every reason, also when the person is no editor of the site.
    """
    return make_draft(resource, column=column, mode=mode, acting_user=acting_user, submit=submit)


def make_draft(
    resource: Resource, *, column: Column, mode: str, acting_user: User | None, submit: bool = False
) -> MadeRepost:
    """The same; ``acting_user`` None is the platform, for a push, which is the act of somebody at the source."""
    tenant = current_tenant()
    # One repost at a time on a site: each gets its place in the tree, and a resource asked for twice is noticed.
    with acting(acting_user, pages=[column.pk]):
        if acting_user is not None:
            require_editor(acting_user)
        column = Column.objects.get(pk=column.pk)
        origin = origin_of(resource)
        reasons = [*reasons_against_reposting(origin), *reasons_against_receiving(origin, tenant, mode)]
        if (present := reposts_on(tenant, [origin]).get(origin.pk)) is not None:
            reasons.append(_describe_present(origin, present))
        if reasons:
            raise Refused(reasons)
        # Read anew and locked: a recall at this very moment waits, and then finds this page.
        origin = hold_resource(origin.pk)
        if late := reasons_against_reposting(origin):
            raise Refused(late)
        version = origin.current
        build: Callable[..., ContentPage] = build_copy if mode == Repost.Mode.COPY else _build_page
        page = build(origin, version, mode=mode, acting_user=acting_user)
        page.slug, page.owner = "", acting_user
        column.add_child(instance=page)
        revision = page.save_revision(user=acting_user, clean=False)
        log(instance=page, action="wagtail.create", user=acting_user, revision=revision, content_changed=True)
        repost = Repost.objects.create(
            resource=origin, tenant=tenant, page_id=page.pk, mode=mode, version=version.number, path=site_path(page)
        )
        answer_duties(origin.pk, tenant.pk, page.pk)
        detail = {"resource": str(origin.uuid), "mode": mode, "version": version.number, "column": column.slug}
        if origin.pk != resource.pk:
            detail["asked_for"] = str(resource.uuid)
        record_act("library.repost", acting_user=acting_user, obj=page, detail=detail)
    refused: list[str] = []
    if submit and acting_user is not None:
        try:
            submit_for_review(page, acting_user=acting_user)
        except Refused as refusal:
            refused = refusal.reasons
    return MadeRepost(
        page_id=page.pk,
        title=page.title,
        mode=repost.mode,
        version=repost.version,
        status=page_status(Page.objects.get(pk=page.pk)),
        reasons=tuple(refused),
    )


def adopt_newest_version(page: RepostPage, *, acting_user: User | None, submit: bool = False) -> int:
    """Bring the newest version of the source into a draft of ``page`` and return the version's number.

    What is live stays up. With ``submit`` the draft goes to review at once. ``acting_user`` None: the platform itself,
    which submits nothing. Raises Refused when the person is no editor, the draft has the newest version already, the
    source may not be reposted (any more) or the page is under review just now.
    """
    with acting(acting_user, pages=[page.pk]) as held:
        if acting_user is not None:
            require_editor(acting_user)
        stored = held.page(page.pk)
        draft: RepostPage = stored.specific.get_latest_revision_as_object()
        resource = Resource.objects.select_related("current", "tenant").filter(uuid=draft.resource).first()
        reasons = [] if resource else [_("信息资源库里没有所转载的资源。")]
        if resource is not None:
            reasons += reasons_against_reposting(resource)
            if draft.version >= resource.current.number:
                reasons.append(_("草稿已经是来源的最新版本（第 %(version)s 版）。") % {"version": draft.version})
        if stored.workflow_in_progress:
            reasons.append(_("“%(title)s”正在审核中，办结后再采用新版本。") % {"title": stored.title})
        if reasons or resource is None:
            raise Refused(reasons)
        _fill(draft, resource, resource.current)
        revision = draft.save_revision(user=acting_user, clean=False)
        log(instance=draft, action="wagtail.edit", user=acting_user, revision=revision, content_changed=True)
        if not stored.live:
            Repost.objects.filter(tenant=current_tenant(), page_id=page.pk).update(version=draft.version, pending=None)
        record_act(
            "library.adopt_version",
            acting_user=acting_user,
            obj=draft,
            detail={"resource": str(resource.uuid), "version": draft.version},
        )
    if submit and acting_user is not None:
        submit_for_review(Page.objects.get(pk=page.pk), acting_user=acting_user)
    return int(draft.version)


def follow_source(repost: Repost) -> None:
    """Bring the newest version of the source to the reviewers of a mirror's site; the old version stays up meanwhile.

    It is submitted in the name of whoever made the repost, while that person is an editor here; otherwise the draft
    waits for an editor. Nothing is done while the page is under review: this is called again after the review. Nothing
    is done either when the repost is no mirror, has the newest version or has a withdrawn source. May be called again.
    """
    repost.refresh_from_db()
    if repost.pending is None or repost.mode != Repost.Mode.MIRROR or not is_shown(repost.resource):
        return
    page = RepostPage.objects.filter(pk=repost.page_id).first()
    if page is None or page.workflow_in_progress or reasons_against_reposting(repost.resource):
        return
    owner = page.owner if page.owner is not None and may_on_content(page.owner, SUBMIT) else None
    if owner is not None and not may_write_at(owner, page):
        owner = None
    was_submitted = page.live or page.current_workflow_state is not None
    newest = page.get_latest_revision_as_object()
    if newest.version < repost.resource.current.number:
        adopt_newest_version(page, acting_user=owner)
    if owner is not None and was_submitted:
        submit_for_review(Page.objects.get(pk=page.pk), acting_user=owner)


def take_down(page_id: int, *, reason: str, acting_user: User | None = None) -> list[str]:
    """The page comes down, or its review ends, because the source was withdrawn. Returns the public paths that ended.

    ``reason`` is kept with the withdrawal. Nothing is done when the page is gone or the source is public again by now.
    A page that was not live only gets its record set to withdrawn; nothing is returned then.
    """
    with holding(pages=[page_id]) as held:
        page = held.pages.get(page_id)
        source = None
        if page is not None:
            source = source_of_page(current_tenant(), page.pk, getattr(page.specific, "copied_from", None))
        # Whoever restores the source waits for this, or is seen here.
        if page is None or source is None or is_shown(hold_resource(source.pk)):
            return []
        specific = page.specific
        state = page.current_workflow_state
        if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
            state.cancel(user=acting_user)
        if not page.live:
            record = Repost.objects.filter(tenant=current_tenant(), page_id=page.pk)
            record.update(state=Repost.State.WITHDRAWN, pending=None)
            return []
        withdrawal = Withdrawal.objects.create(
            page_id=page.pk, reason=reason, withdrawn_by=None, withdrawn_at=moment_to_withdraw(page)
        )
        # In nobody's name, as the gate allows it here alone: the source's withdrawal is the permission.
        _TakeDown(specific, set_expired=False, user=acting_user).execute(skip_permission_checks=True)
        Clearance.objects.filter(page_id=page.pk, status=Clearance.Status.VALID).update(status=Clearance.Status.REVOKED)
        record_act(
            "library.repost_taken_down",
            acting_user=acting_user,
            obj=specific,
            detail={"reason": reason, "resource": str(source.uuid)},
        )
        follow(PageWithdrawn(page=specific, withdrawal=withdrawal, with_source=True))
        return [site_path(specific)]


def keep_origin_of_copy(page: Page, copied: Page, *, acting_user: User) -> None:
    """``copied`` was copied from ``page``, which the library knows as a copy: it names the same origin from now on.

    Does nothing where the page says its origin itself, for then it was copied with the words.
    """
    with acting(acting_user, pages=[copied.pk]):
        require_editor(acting_user)
        draft = copied.specific.get_latest_revision_as_object()
        source = source_of_page(current_tenant(), page.pk, None)
        if source is None or getattr(draft, "copied_from", source.uuid) is not None:
            return
        draft.copied_from = source.uuid
        type(draft).objects.filter(pk=copied.pk).update(copied_from=source.uuid)
        revision = draft.save_revision(user=acting_user, clean=False, changed=False)
        log(instance=draft, action="wagtail.edit", user=acting_user, revision=revision, content_changed=False)


def hold_resource(resource_id: int) -> Resource:
    """Lock the resource (shared) until this transaction ends and return it as it is now."""
    hold_shared(Resource._meta.db_table, resource_id)
    return Resource.objects.select_related("current", "tenant").get(pk=resource_id)


# --- inside ------------------------------------------------------------------------------


class _TakeDown(UnpublishPageAction):
    """Wagtail's way out of the public, which saves the whole page, for a thousand sites in a row.

    What else the page holds was read in the same transaction, and what it refers to stays what it was.
    """

    def _commit_unpublish(self, object: Page) -> None:
        with disable_reference_index_auto_update():
            object.save(clean=False, update_fields=["live", "has_unpublished_changes", "live_revision"])


def _describe_present(resource: Resource, present: Repost) -> str:
    page = Page.objects.filter(pk=present.page_id).first()
    parent = page.get_parent() if page is not None else None
    return _("“%(title)s”本站已经转载：栏目“%(column)s”，页面 %(page)s（%(mode)s，%(state)s）。请直接使用那一页。") % {
        "title": resource.title,
        "column": parent.title if parent is not None else "",
        "page": present.page_id,
        "mode": present.get_mode_display(),
        "state": present.get_state_display(),
    }


def _build_page(resource: Resource, version: ResourceVersion, *, mode: str, acting_user: User | None) -> RepostPage:
    page = RepostPage(resource=resource.uuid, mode=mode, live=False)
    _fill(page, resource, version)
    return page


def _fill(page: RepostPage, resource: Resource, version: ResourceVersion) -> None:
    """Set the number, title and metadata of ``version`` on ``page``, for the lists; its text stays in the library."""
    values: dict[str, Any] = version.metadata
    page.version, page.version_digest = version.number, version.digest
    page.title = page.draft_title = version.title
    page.source = source_of(resource)
    for name in ("summary", "author", "keywords", "audience"):
        setattr(page, name, _fitting(name, value_in_words(name, values.get(name))))
    page.subject_class = str(values.get("subject_class") or "")[:4]
    page.disclosure = str(values.get("disclosure") or page.disclosure)


def source_of(resource: Resource) -> str:
    """Return 来源 as citizens read it: the site that published the resource, else whom the other platform names."""
    name = resource.tenant.full_name if resource.tenant is not None else ""
    return (name or resource.get_organisation_display() or resource.platform)[:100]


def _fitting(name: str, value: Any) -> str:
    limit: int | None = RepostPage._meta.get_field(name).max_length  # type: ignore[union-attr]
    return str(value or "")[:limit]
