"""Wagtail's page editor, reduced to saving and submitting for review.

Wagtail's own submit, restart, cancel and workflow actions start or stop a workflow without our rules and without the
record; here every one of them leads to ``review.actions`` or nowhere.
"""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView

from govplatform.refusals import Refused
from govplatform.review.gate.requirements import is_structural
from govplatform.review.submission.actions import submit_for_review


class _ReviewedEditing:
    """What creating and editing share."""

    request: Any
    page: Any
    form: Any
    subscription: Any

    def is_published_by_hand(self) -> bool:
        """Whether the page is a column or the home page, which the administrator publishes without a review."""
        return is_structural(self.page)

    def get_side_panels(self) -> Any:
        # Wagtail's checks panel counts words by the blanks between them, which Chinese does not have.
        panels = super().get_side_panels()  # type: ignore[misc]
        return MediaContainer([p for p in panels if not isinstance(p, ChecksSidePanel)])

    def hand_in(self) -> HttpResponse:
        """Submit the page that was just saved for review; when refused, the draft stays and the reasons are shown."""
        try:
            submit_for_review(self.page, acting_user=self.request.user)
        except Refused as refusal:
            messages.warning(self.request, _t("已保存为草稿，但还不能送审："))
            for reason in refusal.reasons:
                messages.error(self.request, reason)
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        messages.success(self.request, _t("“%(title)s”已送审。") % {"title": self.page.get_admin_display_title()})
        return redirect("review_page", self.page.pk)


class PageCreateView(_ReviewedEditing, CreateView):
    """Creating a page: columns are published by hand, everything else is saved or submitted for review."""

    @property
    def action_name_and_method(self) -> tuple[str, Any]:
        post = self.request.POST
        if self.is_published_by_hand():
            if post.get("action-publish") and self.parent_page_perms.can_publish_subpage():
                return ("publish", self.publish_action)
        elif post.get("action-submit"):
            return ("submit", self.submit_action)
        return ("save", self.save_action)

    def submit_action(self) -> HttpResponse:
        with transaction.atomic():
            self.page = self.form.save(commit=False)
            self.page.live = False
            self.parent_page.add_child(instance=self.page)
            self.page.save_revision(user=self.request.user, log_action=True)
            self.subscription.page = self.page
            self.subscription.save()
        return self.hand_in()


class PageEditView(_ReviewedEditing, EditView):
    """Editing a page: columns are published by hand, everything else is saved or submitted for review."""

    is_cancelling_workflow = False

    @property
    def action_name_and_method(self) -> tuple[str, Any]:
        post = self.request.POST
        if self.is_published_by_hand():
            if post.get("action-publish") and self.page_perms.can_publish():
                return ("publish", self.publish_action)
        elif post.get("action-submit") and self.page_perms.can_submit_for_moderation():
            return ("submit", self.submit_action)
        return ("save", self.save_action)

    def submit_action(self) -> HttpResponse:
        with transaction.atomic():
            self.page = self.form.save(commit=not self.page.live)
            self.subscription.save()
            revision = self.page.save_revision(
                user=self.request.user, log_action=True, previous_revision=self.previous_revision
            )
            if self.has_content_changes and "comments" in self.form.formsets:
                self.log_commenting_changes(self.get_commenting_changes(), revision)
        return self.hand_in()


class PageRevertView(PageEditView, RevisionsRevertView):
    """Going back to an older version, which is saved as the newest draft and submitted for review as any other."""
