"""The steps of the review as Wagtail workflow tasks (trap T20).

They offer no action in Wagtail's own menus: a decision needs a checklist and an opinion, so it
is taken on the review screen or by the verb, both through ``actions.decide_review``.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER
from govplatform.tenancy.current import current_tenant_or_none

from .decision import Decision

#: The content reviews in their order; the confidentiality review follows the last that is asked for.
CONTENT_STEPS = (Decision.Step.CONTENT, Decision.Step.CONTENT2, Decision.Step.CONTENT3)


class ReviewTask(Task):
    """The common behaviour of all steps. ``step``: its code; ``role``: code of the role that takes it."""

    step: str = ""
    role: str = ""

    class Meta:
        abstract = True

    def reviewer_holds_role(self, user: Any) -> bool:
        tenant = current_tenant_or_none()
        return tenant is not None and has_role(user, self.role, tenant)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return False

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        # What is under review stays as it was submitted; the editor takes it back to change it.
        return True

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        return []

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        raise PermissionDenied

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if not self.reviewer_holds_role(user):
            return TaskState.objects.none()
        return TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task=self.task_ptr)


class ContentReviewTask(ReviewTask):
    """One level of the content review. ``level``: 1 to 3, one row each.

    A workflow holds as many of these tasks as its rule pack asks for.
    """

    role = CONTENT_REVIEWER.code
    level = models.PositiveSmallIntegerField(_("级次"), default=1, db_default=1)

    class Meta:
        verbose_name = _("内容审核")
        verbose_name_plural = _("内容审核")

    @property
    def step(self) -> str:  # type: ignore[override]
        return str(CONTENT_STEPS[self.level - 1])


class ConfidentialityReviewTask(ReviewTask):
    step = Decision.Step.CONFIDENTIALITY
    role = CONFIDENTIALITY_REVIEWER.code

    class Meta:
        verbose_name = _("保密审查")
        verbose_name_plural = _("保密审查")
