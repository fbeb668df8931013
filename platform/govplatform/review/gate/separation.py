"""The separation of duties: nobody reviews what they had a hand in, whether by the first or the last revision.

Editing, review and administration are separate people:
《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（五）项.
"""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision, TaskState

from govplatform.accounts.models import User
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import ROLES
from govplatform.tenancy.current import current_tenant

from ..models import ClearedFile, Decision, ReviewTask
from .claims import reasons_against_passing_over
from .digest import ReferredFile, referred_files
from .levels import current_submission

#: What Wagtail's log calls the acts that change content.
_EDITS = ("wagtail.create", "wagtail.edit", "wagtail.revert", "wagtail.copy")


def lineage(page: Page, revision: Revision, files: list[ReferredFile]) -> dict[int, set[str]]:
    """Return ``{user id: what they had a hand in}`` over all revisions up to and including ``revision``."""
    hands: dict[int, set[str]] = {}

    def note(user_id: int | None, what: str) -> None:
        if user_id is not None:
            hands.setdefault(user_id, set()).add(what)

    note(page.owner_id, _("创建"))
    for file in files:
        note(file.uploaded_by_id, _("上传图片或附件"))
    for user_id, submitted in _editors_and_submitters(page, revision):
        note(user_id, _("提交") if submitted else pgettext("act", "编辑"))
    for model, kind in ((get_image_model(), ClearedFile.Kind.IMAGE), (get_document_model(), ClearedFile.Kind.DOCUMENT)):
        ids = [str(file.object_id) for file in files if file.kind == kind]
        logged = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=ids, action__in=_EDITS
        )
        for user_id in logged.values_list("user_id", flat=True):
            note(user_id, _("上传图片或附件"))
    return hands


def _editors_and_submitters(page: Page, revision: Revision) -> Iterable[tuple[int | None, bool]]:
    """Return (user id, whether they handed it in), each once; one statement."""
    edited, submitted = Value(False), Value(True)
    revisions = page.revisions.filter(pk__lte=revision.pk).order_by()
    # The log still knows of purged revisions and of files whose bytes were exchanged.
    logged = PageLogEntry.objects.filter(page=page.pk, action__in=_EDITS).order_by()
    states = page.workflow_states.order_by()
    found: Iterable[tuple[int | None, bool]] = revisions.values_list("user_id", edited).union(
        logged.values_list("user_id", edited), states.values_list("requested_by_id", submitted)
    )
    return found


def colleagues_for(page: Page, user: User) -> list[User]:
    """Return the people besides ``user`` who may take the step of ``page`` that is due, by name."""
    task_state = page.current_workflow_task_state
    if task_state is None:
        return []
    task, revision = task_state.task.specific, task_state.revision
    files = referred_files(revision.as_object())
    holders = holders_of(current_tenant(), task.role).exclude(pk=user.pk)
    return [person for person in holders if not reasons_against_reviewer(page, revision, task, person, files)]


def reasons_against_deciding(
    page: Page, task_state: TaskState, task: ReviewTask, user: User, files: list[ReferredFile]
) -> list[str]:
    """Say why ``user`` may not take the step ``task_state`` (``task``, specific) that is due now.

    Empty when they may.
    """
    reasons = reasons_against_reviewer(page, task_state.revision, task, user, files)
    return reasons + reasons_against_passing_over(task_state, task, user)


def reasons_against_reviewer(
    page: Page, revision: Revision, task: ReviewTask, user: User, files: list[ReferredFile]
) -> list[str]:
    """Say why ``user`` may never take the step ``task`` for ``revision``, whoever is at work on it."""
    reasons = []
    if not task.reviewer_holds_role(user):
        reasons.append(
            _("%(user)s 在本站不是“%(role)s”，不能办理这一环节。") % {"user": user, "role": ROLES[task.role].label}
        )
    if hands := lineage(page, revision, files).get(user.pk):
        reasons.append(
            _("%(user)s 参与过这篇信息（%(how)s），按回避规则不能审查它，请由其他审查人办理。")
            % {"user": user, "how": "、".join(sorted(hands))}
        )
    earlier = Decision.objects.filter(page_id=page.pk, revision=revision, reviewer=user).exclude(step=task.step)
    if earlier.exists():
        reasons.append(_("%(user)s 已经办理了这一版本的另一个审查环节，各个环节须由不同的人办理。") % {"user": user})
    submission = current_submission(page)
    if submission is not None and submission.emergency:
        is_last = task.step == Decision.Step.CONFIDENTIALITY
        named = submission.confidentiality_reviewer if is_last else submission.content_reviewer
        if named is None or user.pk != named.pk:
            reasons.append(_("这是紧急送审，这一环节指定由 %(who)s 办理。") % {"who": named})
    return reasons
