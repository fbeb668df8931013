"""The loading of one site's items, written and brought to their stage by the people whom the content names.

Each item is one transaction: if the loader is killed, an item is there with all its acts or not at all. Nothing is
published past the gate: editors write and submit, reviewers decide, the second approval publishes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.vocabularies.queries import code_for
from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.actions import submit_for_review, withdraw_page
from govplatform.review.submission.emergency import Emergency
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from sites.articles.models import Article as ArticlePage
from sites.articles.models import TopicPage as TopicPageModel
from sites.columns.models import Column as ColumnPage
from sites.demo import content
from sites.demo.bodies import BodyWriter, drawn_chart, linked_pages, rich_text, shown_image
from sites.demo.load_interviews import begin_of, guests_of, play_interview
from sites.demo.load_surveys import asked, days_of_survey
from sites.demo.recorded_time import at
from sites.demo.timeline import Moments
from sites.pages.content_page import content_models
from sites.policies.models import Interpretation as InterpretationPage
from sites.policies.models import PolicyDocument as PolicyPage
from sites.service_guides.table import material_of, step_of

SCHEDULED_HOUR = 9


def in_publishing_order(site: content.DemoSite) -> Iterator[content.Item]:
    """Yield the items of ``site`` from the oldest to the newest, so that its lists have a natural order.

    Policies come by their date, each with its interpretation after it; then the articles, which stand newest first in
    the files; then the topics, which gather what is there already.
    """
    for policy in sorted(site.policies, key=lambda item: item.issued_on):
        yield policy
        yield from (item for item in site.interpretations if item.policy == policy.slug)
    yield from reversed(site.articles)
    yield from site.topics
    # The first in its list is published last: where lists go by time, they stand in the same order.
    yield from reversed(site.structured)


@dataclass
class ItemLoader:
    """A loader of items onto the current site, inside ``recorded_times``.

    ``people``: accounts by user name; ``moments``: when things happened to each item, by its slug.
    """

    site: content.DemoSite
    people: dict[str, User]
    picture_folder: Path
    moments: dict[str, Moments]

    def __post_init__(self) -> None:
        self.columns = {column.slug: column for column in ColumnPage.objects.all()}
        self.known = dict(Page.objects.filter(depth__gt=2).values_list("slug", "pk"))

    def load(self, item: content.Item) -> bool:
        """Make the page of ``item`` unless the site has it; return whether it was made."""
        if item.slug in self.known:
            return False
        with transaction.atomic():
            with at(self.moments[item.slug].written):
                page = self._written(item)
            self._reviewed(page, item, self.moments[item.slug])
            if isinstance(item, content.Structured) and item.interview is not None:
                play_interview(page, item, self.people, self.moments[item.slug])
        self.known[item.slug] = page.pk
        return True

    def _written(self, item: content.Item) -> Page:
        editor = self.people[item.editor]
        column = self.columns[item.column]
        if not column.permissions_for_user(editor).can_add_subpage():
            raise Refused(_("%(person)s 不能在栏目“%(column)s”中写稿。") % {"person": editor, "column": column.title})
        writer = BodyWriter(item, self.site, editor, self.picture_folder)
        page = self._page(item, writer)
        page.owner = editor
        if item.stage == "scheduled":
            page.go_live_at = _morning_in(item.scheduled_in_days)
        column.refresh_from_db()
        column.add_child(instance=page)
        page.save_revision(user=editor, log_action=True)
        return page

    def _page(self, item: content.Item, writer: BodyWriter) -> Page:
        values = self._shared_values(item, writer)
        match item:
            case content.PolicyDocument():
                return PolicyPage(**values, **_policy_values(item), body=writer.stream(item.body))
            case content.Interpretation():
                return self._interpretation(item, writer, values)
            case content.TopicPage():
                members = Page.objects.in_bulk([self.known[slug] for slug in item.members if slug in self.known])
                links = linked_pages([members[self.known[s]] for s in item.members if s in self.known])
                return TopicPageModel(**values, body=[*writer.stream(item.body), *links])
            case content.Structured():
                return self._structured(item, writer, values)
            case content.Article():
                body = writer.stream(item.body)
                if image := values["picture"]:
                    body.insert(0, shown_image(image))
                if item.basis:
                    body += linked_pages([Page.objects.get(pk=self.known[item.basis])], before=_("办理依据"))
                return ArticlePage(**values, body=body)
        raise TypeError(f"no page type for {type(item).__name__}")

    def _shared_values(self, item: content.Item, writer: BodyWriter) -> dict[str, Any]:
        return {
            "title": item.title,
            "slug": item.slug,
            "summary": item.summary,
            "source": item.source,
            "author": item.author,
            "keywords": " ".join(item.keywords),
            "picture": writer.picture(item.picture) if item.picture else None,
        }

    def _interpretation(self, item: content.Interpretation, writer: BodyWriter, values: dict[str, Any]) -> Page:
        sections, others = {}, []
        for name in InterpretationPage.SECTIONS:
            blocks = getattr(item, name)
            sections[name] = rich_text(b for b in blocks if isinstance(b, content.Heading | content.Paragraphs))
            others += [b for b in blocks if not isinstance(b, content.Heading | content.Paragraphs)]
        policy = PolicyPage.objects.get(pk=self.known[item.policy])
        return InterpretationPage(**values, **sections, form=item.form, policy=policy, body=writer.stream(others))

    def _structured(self, item: content.Structured, writer: BodyWriter, values: dict[str, Any]) -> Page:
        model: Any = next(model for model in content_models() if model.library_kind == item.kind)
        sections = {
            name: rich_text([content.Paragraphs(tuple(text.splitlines()))]) for name, text in item.sections.items()
        }
        # It says itself what it is; whoever typed it is no part of it.
        body = writer.stream(item.body)
        page = model(**{**values, "author": ""}, **item.fields, **sections, body=body)
        if item.basis:
            page.policies = [{"type": "policy", "value": self.known[item.basis], "id": str(uuid4())}]
        if item.materials:
            page.materials = [material_of(line) for line in item.materials]
        if item.steps:
            page.steps = [step_of(line) for line in item.steps]
        if item.lasts:
            page.opens_at, page.closes_at = days_of_survey(item.lasts)
            page.questions = [asked(question) for question in item.questions]
        if item.charts:
            page.charts = [drawn_chart(chart) for chart in item.charts]
        if item.interview is not None:
            page.guests = guests_of(item.interview)
            page.starts_at = begin_of(item.interview, self.moments[item.slug])
        if item.map is not None:
            page.map_picture = writer.picture(item.map)
        return page  # type: ignore[no-any-return]

    def _reviewed(self, page: Page, item: content.Item, moments: Moments) -> None:
        if item.stage == "draft":
            return
        with at(moments.submitted):
            submit_for_review(page, acting_user=self.people[item.editor], emergency=self._emergency(item))
            scan_now(page, acting_user=self.people[item.editor])
        if item.stage == "in_content_review":
            return
        with at(moments.content):
            if item.stage == "returned" and item.returned_by == "content-reviewer":
                self._decide(page, item.content_reviewer, item.opinion, approve=False)
                return
            self._decide(page, item.content_reviewer, item.content_opinion)
        if item.stage == "in_confidentiality_review":
            return
        with at(moments.confidentiality):
            if item.stage == "returned":
                self._decide(page, item.confidentiality_reviewer, item.opinion, approve=False)
                return
            self._decide(page, item.confidentiality_reviewer, item.confidentiality_opinion)
        if item.stage == "withdrawn":
            with at(moments.withdrawn):
                withdraw_page(page, acting_user=self.people[item.content_reviewer], reason=item.reason)

    def _emergency(self, item: content.Item) -> Emergency | None:
        if not item.emergency:
            return None
        return Emergency(item.emergency, self.people[item.content_reviewer], self.people[item.confidentiality_reviewer])

    def _decide(self, page: Page, reviewer: str, opinion: str, approve: bool = True) -> None:
        decide_from_the_shell(page, acting_user=self.people[reviewer], approve=approve, opinion=opinion)


def _policy_values(item: content.PolicyDocument) -> dict[str, Any]:
    return {
        "document_number": item.document_number,
        "issued_by": item.issued_by,
        "issued_on": item.issued_on,
        "subject_class": subject_code(item.subject[0]),
        "document_kind": item.document_kind,
        "audience": item.audience,
        "validity": item.validity,
        "validity_note": item.validity_note,
        "disclosure": item.disclosure,
        "addressee": item.addressee,
        "signature": item.issued_by,
    }


def subject_code(label: str) -> str:
    """Return the code of a class of 主题分类, given as its name or its code. Raise Refused for an unknown class."""
    if code := code_for("subject", label):
        return code
    raise Refused(_("主题分类中没有“%(label)s”这一类。") % {"label": label})


def _morning_in(days: int) -> dt.datetime:
    """Return ``SCHEDULED_HOUR`` o'clock, local time, of the day in ``days`` days."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(SCHEDULED_HOUR)))
