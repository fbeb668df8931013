"""Wagtail's page editor, reduced to saving and submitting for review.

Wagtail's own submit, restart, cancel and workflow actions start or stop a workflow without our rules and without the
record; here every one of them leads to ``review.actions`` or nowhere.
"""

from typing import Any

from django.contrib.messages import get_messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel, PageStatusSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.move import MoveChooseDestination
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.models import Page, Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.templatetags.people_words import person
from govplatform.days import moment_words
from govplatform.refusals import PlacedReason, Refused
from govplatform.review.frame.actions import change_words, check_words
from govplatform.review.frame.forms import show_refusal
from govplatform.review.frame.guard import words_are_cleared
from govplatform.review.frame.kinds import kind_of
from govplatform.review.frame.scanning import REASON
from govplatform.review.gate.requirements import is_structural
from govplatform.review.models import Submission
from govplatform.review.reviewed_page import as_reviewed
from govplatform.review.screens.returned import Returned, ReturnedPanel, read_return
from govplatform.review.screens.state_facts import facts_at_the_top
from govplatform.review.submission.actions import submit_for_review
from govplatform.row_numbers import row_number

from .state_panel import DeliveredStatePanel


class _ReviewedEditing:
    """What creating and editing share."""

    request: Any
    page: Any
    form: Any
    subscription: Any
    _saves_by_itself: bool
    has_unsaved_changes: bool

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action-restore") and not getattr(self, "locked_for_user", False):
            return self.show_unsaved(self.words_of_restored())
        response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def words_of_restored(self) -> str:
        return _t("已恢复，还没有保存。请核对后再保存。")

    def show_unsaved(self, said: str, *, buttons: Any = None) -> HttpResponse:
        """Show what was sent in the form again, unsaved, with ``said`` above it."""
        self.form = self.form_class(  # type: ignore[attr-defined]
            self.request.POST,
            self.request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.place(),
            for_user=self.request.user,
        )
        self.form.defer_required_fields()
        self.form.is_valid()
        messages.warning(self.request, said, buttons=buttons)
        self.has_unsaved_changes = True
        # Or it would be saved by itself, before anybody has read what is said.
        self.autosave_enabled = False
        answer: HttpResponse = self.render_to_response(self.get_context_data())  # type: ignore[attr-defined]
        return answer

    def place(self) -> Any:
        """The page below which this one stands."""
        raise NotImplementedError

    def is_published_by_hand(self) -> bool:
        """Whether the page is a column or the home page, which the administrator publishes without a review."""
        return is_structural(self.page)

    @property
    def autosave_enabled(self) -> bool:
        """Columns are not saved by themselves: nobody reviews a draft of theirs, and all would read it in the tree.
        On a frozen site nothing is.
        """
        return self._saves_by_itself and not self.is_published_by_hand() and not self.request.tenant.frozen

    @autosave_enabled.setter
    def autosave_enabled(self, enabled: bool) -> None:
        self._saves_by_itself = enabled

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.is_published_by_hand():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            return response
        try:
            with transaction.atomic():
                return self.arrange(form)
        except Refused as refusal:
            show_refusal(form, refusal)
        answer: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]
        return answer

    def save_action(self) -> HttpResponse:
        response: HttpResponse = super().save_action()  # type: ignore[misc]
        if not self.expects_json_response and not self.is_published_by_hand():  # type: ignore[attr-defined]
            for reason in as_reviewed(self.page).reasons_left():
                messages.warning(self.request, reason, buttons=_way_to(reason))
        return response

    def arrange(self, form: Any) -> HttpResponse:
        raise NotImplementedError

    def tell_waiting(self, proposal: Any, *, instead: bool = False) -> None:
        """Say that the words wait; ``instead`` of Wagtail's message, which calls them published."""
        if proposal is None:
            return
        said = _t("“%(title)s”的文字改动已提交，由本站的内容审核人员确认后生效；在此之前公众看到的不变。")
        if instead:
            # What is read here is not shown on the next page.
            list(get_messages(self.request))
            if set(self.form.changed_data) - {*proposal.after, REASON}:
                said += _t("其他改动已保存。")
        messages.info(
            self.request,
            said % {"title": proposal.object_title},
            buttons=[messages.button(reverse("page_edit", args=[self.page.pk]), _t("查看"))],
        )

    def get_side_panels(self) -> Any:
        # Wagtail's checks panel counts words by the blanks between them, which Chinese does not have.
        panels = [p for p in super().get_side_panels() if not isinstance(p, ChecksSidePanel)]  # type: ignore[misc]
        if self.is_published_by_hand():
            return MediaContainer(panels)
        ours = DeliveredStatePanel.instead_of
        return MediaContainer([ours(p) if isinstance(p, PageStatusSidePanel) else p for p in panels])

    def hand_in(self) -> HttpResponse:
        """Submit the page that was just saved for review; when refused, the draft stays and the reasons are shown."""
        try:
            submit_for_review(self.page, acting_user=self.request.user)
        except Refused as refusal:
            messages.warning(self.request, _t("已保存为草稿，但还不能送审："))
            for reason in refusal.reasons:
                messages.error(self.request, reason, buttons=_way_to(reason))
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        messages.success(self.request, _t("“%(title)s”已送审。") % {"title": self.page.get_admin_display_title()})
        return redirect("review_page", self.page.pk)


def _way_to(reason: str) -> list[Any]:
    """The button beside a reason that leads to its place in the form (``console/jumps.js``)."""
    if not isinstance(reason, PlacedReason):
        return []
    return [messages.button(f"#jump-{reason.at}", _t("去填写"))]


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

    def place(self) -> Any:
        return self.parent_page

    def arrange(self, form: Any) -> HttpResponse:
        """Make a column that is not shown, and propose its words. A draft is only saved."""
        if self.action_name != "publish":
            response: HttpResponse = super(_ReviewedEditing, self).form_valid(form)  # type: ignore[misc]
            return response
        page, reason = form.instance, self.request.POST.get(REASON, "")
        check_words(page, reason=reason)
        # A column is live to begin with; it has not been public before somebody else has confirmed it.
        page.live, page.first_published_at, page.last_published_at = False, None, None
        with acting(self.request.user, pages=[self.parent_page.pk]):
            response = self.save_action()
            self.tell_waiting(change_words(self.page, {}, acting_user=self.request.user, reason=reason, is_new=True))
        return response

    def submit_action(self) -> HttpResponse:
        with transaction.atomic():
            self.page = self.form.save(commit=False)
            self.page.live = False
            self.parent_page.add_child(instance=self.page)
            # What is missing is told when it is handed in; what was written is kept all the same.
            self.page.save_revision(user=self.request.user, log_action=True, clean=False)
            self.subscription.page = self.page
            self.subscription.save()
        return self.hand_in()


class PageEditView(_ReviewedEditing, EditView):
    """Editing a page: columns are published by hand, everything else is saved or submitted for review."""

    is_cancelling_workflow = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (returned := self.returned) is not None:
            told = {"step": returned.decision.get_step_display(), "who": person(returned.decision.reviewer_name)}
            said = _t("已退回，%(step)s %(who)s：%(opinion)s") % {**told, "opinion": returned.decision.opinion}
            messages.warning(request, said, buttons=[messages.button("#returned", _t("看意见和发现"))])
        if not self.is_published_by_hand():
            self.tell_where_it_is()
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def tell_where_it_is(self) -> None:
        """Say that the page came down, or is under review in haste, or that what it repeats was taken back."""
        for fact in facts_at_the_top(self.page):
            messages.warning(self.request, f"{fact.label}：{fact.text}")
        if lost := as_reviewed(self.page).words_for_lost_source():
            messages.warning(self.request, lost)

    @cached_property
    def returned(self) -> Returned | None:
        """What a reviewer who sent the page back wants done; None for any other page."""
        return None if self.is_published_by_hand() else read_return(self.page)

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        if self.returned is None:
            return panels
        return MediaContainer([ReturnedPanel(self.page, self.request, returned=self.returned), *panels])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._write_over_no_version_that_was_handed_in()
        if request.POST.get("action-restore"):
            return super().post(request, *args, **kwargs)
        if self._puts_itself_over_another():
            return self._tell_who_saved()
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def place(self) -> Any:
        return self.parent

    def words_of_restored(self) -> str:
        loaded = row_number(self.request.POST.get("loaded_revision_id", ""))
        newer = self.latest_revision
        if newer is None or newer.pk == loaded:
            return super().words_of_restored()
        who = newer.user.get_full_name() if newer.user else ""
        told = {"who": who, "when": moment_words(newer.created_at)}
        return (
            _t(
                "已恢复，还没有保存。%(who)s 在 %(when)s 保存过新的版本，那时你写的还没有存上；"
                "保存后以你这里的为准，对方的版本留在历史记录里。"
            )
            % told
        )

    def _puts_itself_over_another(self) -> bool:
        """Whether somebody saved a newer version that this window does not know of: autosaving asks that by itself.

        ``over_newer``: the person was told and goes on (``console/returned.js``).
        """
        by_itself, told = self.expects_json_response, self.request.POST.get("over_newer") == "1"
        if by_itself or told or self.locked_for_user or self.is_published_by_hand():
            return False
        return bool(self.is_out_of_date) and self.latest_revision.user_id != self.request.user.pk

    def _tell_who_saved(self) -> HttpResponse:
        """Show what was typed again, unsaved, beside who saved meanwhile; the next click counts."""
        newer = self.latest_revision
        told = {
            "who": newer.user.get_full_name() if newer.user else "",
            "when": moment_words(newer.created_at),
        }
        said = _t(
            "%(who)s 在 %(when)s 保存了新的版本。你写的还在下面，没有保存。"
            "要以你这里的为准，请再点一次按钮；对方的版本留在历史记录里。"
        )
        loaded = row_number(self.request.POST.get("loaded_revision_id", ""))
        buttons = []
        if loaded and self.page.revisions.filter(pk=loaded).exists():
            address = reverse("wagtailadmin_pages:revisions_compare", args=[self.page.pk, loaded, newer.pk])
            buttons = [messages.button(address, _t("看对方改了什么"), new_window=True)]
        return self.show_unsaved(said % told, buttons=buttons)

    def _write_over_no_version_that_was_handed_in(self) -> None:
        """Let a window that was open before the page was handed in save a version of its own.

        Autosaving writes over the version that the window saved last. What reviewers have seen stays as it is
        (``gov_keep_revision``), so what was typed would be refused, again and again.
        """
        number = row_number(self.request.POST.get("overwrite_revision_id", ""))
        if not number or not Submission.objects.filter(revision_id=number).exists():
            return
        written = Revision.objects.filter(pk=number).first()
        sent = self.request.POST.copy()
        del sent["overwrite_revision_id"]
        sent["loaded_revision_id"] = str(number)
        sent["loaded_revision_created_at"] = written.created_at.isoformat() if written is not None else ""
        self.request.POST = sent

    @property
    def action_name_and_method(self) -> tuple[str, Any]:
        post = self.request.POST
        if self.is_published_by_hand():
            if post.get("action-publish") and self.page_perms.can_publish():
                return ("publish", self.publish_action)
        elif post.get("action-submit") and self.page_perms.can_submit_for_moderation():
            return ("submit", self.submit_action)
        return ("save", self.save_action)

    def arrange(self, form: Any) -> HttpResponse:
        """Propose the words that citizens read; whatever else was changed takes effect.

        A column that is not shown is saved, and is shown when its words have been confirmed.
        """
        if self.action_name != "publish":
            return self._go_on(form)
        stored, reason = type(self.page)._default_manager.get(pk=self.page.pk), self.request.POST.get(REASON, "")
        kind = kind_of(stored)
        if kind is None:
            return self._go_on(form)
        # What the form does not have is changed elsewhere, and may wait there for a second person.
        wanted = {name: words for name, words in kind.texts_of(self.page).items() if name in form.fields}
        with acting(self.request.user, pages=[stored.pk]):
            if not stored.live and not words_are_cleared(self.page):
                check_words(self.page, reason=reason)
                self.has_content_changes = form.has_changed()
                response: HttpResponse = self.save_action()
                now = type(stored)._default_manager.get(pk=stored.pk)
                proposal = change_words(now, {}, acting_user=self.request.user, reason=reason, is_new=True)
            else:
                proposal = None
                if stored.live:
                    proposal = change_words(stored, wanted, acting_user=self.request.user, reason=reason)
                    for name, words in kind.texts_of(stored).items():
                        setattr(self.page, name, words)
                response = self._go_on(form)
            self.tell_waiting(proposal, instead=stored.live)
        return response

    def _go_on(self, form: Any) -> HttpResponse:
        response: HttpResponse = super(_ReviewedEditing, self).form_valid(form)  # type: ignore[misc]
        return response

    def submit_action(self) -> HttpResponse:
        with transaction.atomic():
            self.page = self.form.save(commit=not self.page.live)
            self.subscription.save()
            revision = self.page.save_revision(
                user=self.request.user, log_action=True, previous_revision=self.previous_revision, clean=False
            )
            if self.has_content_changes and "comments" in self.form.formsets:
                self.log_commenting_changes(self.get_commenting_changes(), revision)
        return self.hand_in()


class PageRevertView(PageEditView, RevisionsRevertView):
    """Going back to an older version, which is saved as the newest draft and submitted for review as any other."""


def move_page(request: HttpRequest, page_to_move_id: int) -> Any:
    """Choose another place: for a column Wagtail's way, for a page of content the screen that says what it means."""
    page = get_object_or_404(Page, pk=page_to_move_id)
    if is_structural(page):
        return MoveChooseDestination.as_view()(request, page_to_move_id=page_to_move_id)
    return redirect("writing_place", page.pk)


def copy_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """A copy begins on the screen that says what comes along. Columns and the home page are not copied."""
    page = get_object_or_404(Page, pk=page_id)
    if is_structural(page):
        raise Http404
    return redirect("writing_copy", page.pk)
