"""Answers to letters as pages: reviewed like any content; public ones are shown, private ones never are.

The question stands beside the answer, masked by the rules of the scanner, so that whoever reviews the one has read the
other. Both are plain text.
"""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from content_library.distribution.listing import without_recalled
from govplatform.cases.disclosure.deciding import reasons_against_text
from govplatform.cases.kinds import Kind
from govplatform.refusals import PlacedReason
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path
from sites.pages.structured_page import StructuredPage
from sites.pages.title_panel import PlainTitlePanel

#: Named by each class: Wagtail gives every one a template of its own name.
_TEMPLATE = "structured/reply.html"


class ReplyPage(StructuredPage):
    """Abstract base of both. ``case_number``: of the case that it answers; it is not shown."""

    case_number = models.CharField(_("来信编号"), max_length=20, db_index=True, editable=False)
    case_kind = models.CharField(_("来信类别"), max_length=20, choices=Kind.choices, editable=False)
    accepted_on = models.DateField(_("受理日期"), editable=False)
    department = models.CharField(_("答复单位"), max_length=120, blank=True)
    question = models.TextField(_("来信内容"), blank=True)
    answer = models.TextField(_("答复内容"), blank=True)

    library_kind = "reply"
    NEEDED = ("department", "question", "answer")
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("department", "department"), ("question", "question"), ("answer", "answer"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel("title", heading=_("来信标题")),
        FieldPanel("question", help_text=_("可能涉及个人信息的内容已经遮盖；其他不宜公开的，请改写或删去。")),
        FieldPanel("answer"),
        FieldPanel("department"),
    ]

    #: A copy answers nobody.
    exclude_fields_in_copy = [*StructuredPage.exclude_fields_in_copy, "case_number"]

    class Meta:
        abstract = True

    def facts(self) -> list[dict[str, str]]:
        """Return kind, dates and department. The day of the answer is that of its publication."""
        replied_on = timezone.localdate(self.first_published_at) if self.first_published_at else None
        said: list[tuple[str, Any]] = [
            (self.label_of("case_kind"), self.get_case_kind_display()),  # type: ignore[attr-defined]
            (self.label_of("accepted_on"), date_format(self.accepted_on)),
            (str(_("答复日期")), date_format(replied_on) if replied_on else ""),
            (self.label_of("department"), self.department),
        ]
        return [{"label": label, "value": str(value)} for label, value in said if value]

    def reasons_against_submitting(self) -> list[str]:
        said = super().reasons_against_submitting()
        if not self.case_number:
            said.append(_t("这是复制的答复，没有对应的来信，不能送审。请在“来信办理”中答复来信。"))
        if self.case_kind == Kind.DISCLOSURE:
            said += [PlacedReason(reason, "answer") for reason in reasons_against_text(self.case_number, self.answer)]
        return said

    def library_sections(self) -> list[tuple[str, str]]:
        told = [(self.label_of(name), getattr(self, name)) for name in ("question", "answer")]
        texts = [(label, format_html("<p>{}</p>", linebreaksbr(text))) for label, text in told if text]
        return [*super().library_sections(), *texts]

    def verb_facts(self) -> dict[str, Any]:
        return {"case": self.case_number}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(question=self.question, answer=self.answer)
        return context


class PublicReply(ReplyPage):
    """An answer that citizens read; whoever wrote in has agreed to it."""

    template = _TEMPLATE
    #: Made by answering a letter alone. Each class says so: Wagtail does not inherit it.
    is_creatable = False

    class Meta:
        verbose_name = _("公开的答复")
        verbose_name_plural = _("公开的答复")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["questions"] = self._questions()
        return context

    def named_on(self) -> list[int]:
        """Return the numbers of the entries of the question base that were made of it and name it in turn."""
        return list(self._entries().values_list("pk", flat=True))

    def _entries(self) -> models.QuerySet["QuestionEntry"]:
        found = QuestionEntry.objects.filter(case_number=self.case_number)
        return found if self.case_number else found.none()

    def _questions(self) -> list[dict[str, str]]:
        """What the question base made of it, where that is public."""
        found = list(without_recalled(self._entries().filter(live=True)).order_by("pk"))
        if found:
            note_read(ReadOf.PAGE, *[one.pk for one in found])
        return [{"title": one.title, "url": site_path(one)} for one in found]


class PrivateReply(ReplyPage):
    """An answer for whoever wrote in, and nobody else: it is cleared and never published."""

    never_shown: ClassVar[bool] = True
    template = _TEMPLATE
    #: Made by answering a letter alone. Each class says so: Wagtail does not inherit it.
    is_creatable = False

    class Meta:
        verbose_name = _("不公开的答复")
        verbose_name_plural = _("不公开的答复")


# The kinds of pages of this package, each in a module of its own.
from .question_entry import QuestionEntry  # noqa: E402

__all__ = ["PrivateReply", "PublicReply", "QuestionEntry", "ReplyPage"]
