"""征集调查 as a page: what it is about, how long, what is asked, and, when it is over, what came of it.

The page is a file like any other and says in which of its three states it is; the form and the numbers are answered
live, at addresses of their own (``sites.surveys.public``). What came of it stands on the page itself, so its
publication is a correction of the page and goes through both reviews.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField

from govplatform.rendering.reads import note_until
from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.structured_page import StructuredPage
from sites.pages.text import PageText
from sites.pages.title_panel import PlainTitlePanel

from ..addresses import form_address, results_address
from ..blocks import AdoptionsBlock, QuestionsBlock, stream_lines
from ..kinds import Period, ResultsShown, SurveyKind
from ..questions import Question, digest_of, opinion_question, read_questions
from ..requirements import reasons_against_asking


class Survey(StructuredPage):
    """A solicitation asks for opinions on a draft (in the body, or attached there), a survey asks questions."""

    survey_kind = models.CharField(_("形式"), max_length=12, choices=SurveyKind.choices, default=SurveyKind.SURVEY)
    organiser = models.CharField(_("征集单位"), max_length=120, blank=True)
    opens_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closes_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    asks_contact = models.BooleanField(_("可以留联系方式"), default=True)
    results_shown = models.CharField(
        _("数字结果"), max_length=8, choices=ResultsShown.choices, default=ResultsShown.AFTER
    )
    questions = StreamField(QuestionsBlock(), verbose_name=_("问题"), blank=True)
    outcome = RichTextField(_("结果和采纳情况"), blank=True, features=RICH_TEXT_FEATURES)
    adopted = StreamField(AdoptionsBlock(), verbose_name=_("意见采纳情况"), blank=True)

    #: What came of one survey is no result of its copy.
    exclude_fields_in_copy = [*StructuredPage.exclude_fields_in_copy, "outcome", "adopted"]
    library_kind = "survey"
    template = "structured/survey.html"
    FACTS = ("survey_kind", "organiser", "opens_at", "closes_at")
    NEEDED = ("organiser",)
    SECTIONS = ("outcome",)
    SCANNED_FIELDS = (*StructuredPage.SCANNED_FIELDS, ("organiser", "survey organiser"))
    content_panels = [
        PlainTitlePanel("title", help_text=_("例如：关于《云江省古树名木保护办法（草案）》公开征求意见的公告。")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("survey_kind"), FieldPanel("organiser")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("results_shown"), FieldPanel("asks_contact")]),
            ],
            heading=_("征集"),
            help_text=_("到开始时间自动开始，到结束时间自动结束。意见征集一定有一栏“意见和建议”，问题可以没有。"),
        ),
        FieldPanel("summary"),
        FieldPanel("body", help_text=_("背景和说明；征求意见稿作为附件或者链接放在这里。")),
        FieldPanel("questions", help_text=_("一块一题。收到第一份答卷以后，问题不能再改。")),
        MultiFieldPanel(
            [
                FieldPanel("outcome", help_text=_("结束以后填写，送审通过后公布。")),
                FieldPanel(
                    "adopted", classname="stream-of-one-kind", help_text=_("可以在“征集调查”中从收到的意见选入。")
                ),
            ],
            heading=_("结果（结束以后填写）"),
        ),
    ]

    class Meta:
        verbose_name = _("征集调查")
        verbose_name_plural = _("征集调查")

    # --- what is asked, and when ----------------------------------------------------------

    @cached_property
    def asked(self) -> list[Question]:
        """The questions in their order; of a solicitation the opinion first."""
        questions = read_questions(self.questions)
        if self.survey_kind == SurveyKind.SOLICITATION:
            return [opinion_question(required=not questions), *questions]
        return questions

    @property
    def questions_digest(self) -> str:
        return digest_of(self.asked)

    def period(self, moment: datetime | None = None) -> Period:
        """Where it stands at ``moment``, now if not given. Without a begin or an end it has none on that side."""
        moment = moment or timezone.now()
        if self.closes_at is not None and moment >= self.closes_at:
            return Period.OVER
        return Period.COMING if self.opens_at is not None and moment < self.opens_at else Period.OPEN

    def shows_results(self, moment: datetime | None = None) -> bool:
        """Tell whether its numbers are public."""
        period = self.period(moment)
        return period == Period.OVER or (period == Period.OPEN and self.results_shown == ResultsShown.LIVE)

    def has_outcome(self) -> bool:
        return bool(self.outcome) or bool(self.adopted)

    def state_in_list(self) -> str:
        """Where it stands, for lists of the column."""
        return str(self._noted_period().label)

    def _noted_period(self) -> Period:
        """Where it stands now. Nobody does anything when it begins and ends: what shows it is made anew then."""
        period = self.period()
        if period == Period.COMING and self.opens_at is not None:
            note_until(self.opens_at)
        elif period == Period.OPEN and self.closes_at is not None:
            note_until(self.closes_at)
        return period

    # --- what every structured page says ----------------------------------------------------

    def said_of(self, name: str) -> str:
        value = getattr(self, name)
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "Y-m-d H:i")
        return super().said_of(name)

    def has_content(self) -> bool:
        # Facts alone tell nobody what it is about.
        return bool(self.questions) or super(StructuredPage, self).has_content()

    def scanned_text(self) -> PageText:
        text = super().scanned_text()
        text.body += stream_lines(self.questions, ("text", "hint", "options", "rows", "low", "high"))
        text.body += stream_lines(self.adopted, ("opinion", "reply"))
        return text

    def reasons_against_submitting(self) -> list[str]:
        return [*super().reasons_against_submitting(), *reasons_against_asking(self)]

    def library_sections(self) -> list[tuple[str, str]]:
        facts, *sections = super().library_sections()
        lists = [
            (str(label), render_to_string(f"surveys/{template}.html", context))
            for label, template, context in (
                (_t("问题"), "questions", {"questions": self.asked if self.questions else []}),
                (self.label_of("adopted"), "adopted", {"adopted": [block.value for block in self.adopted]}),
            )
            if any(context.values())
        ]
        return [facts, *sections, *lists]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        period = self._noted_period()
        context.update(
            period=period.value,
            is_solicitation=self.survey_kind == SurveyKind.SOLICITATION,
            form_address=form_address(self.pk),
            results_address=results_address(self.pk),
            shows_results=self.shows_results(),
            questions=self.asked if self.questions else [],
            adopted=[block.value for block in self.adopted],
            outcome=next(iter(context["sections"]), None),
        )
        return context
