"""在线访谈 as a page: the announcement, reviewed like any content; after the end the transcript is its body."""

from datetime import datetime
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

from govplatform.refusals import PlacedReason
from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.structured_page import StructuredPage
from sites.pages.text import PageText, picture_facts
from sites.pages.title_panel import PlainTitlePanel

from ..blocks import GuestsBlock, PhotosBlock
from ..shown import live_context, repeated_in
from .live import Session


class InterviewPage(StructuredPage):
    """One interview. ``photos``: reviewed with the page; live text shows them by the id of their block."""

    starts_at = models.DateTimeField(_("访谈时间"), null=True, blank=True)
    venue = models.CharField(_("访谈地点"), max_length=200, blank=True)
    host_unit = models.CharField(_("主办单位"), max_length=120, blank=True)
    presenter = models.CharField(_("主持人"), max_length=40, blank=True)
    guests = StreamField(GuestsBlock(), verbose_name=_("嘉宾"), blank=True)
    introduction = RichTextField(_("访谈背景"), blank=True, features=RICH_TEXT_FEATURES)
    questions_until = models.DateTimeField(_("网友提问截止时间"), null=True, blank=True)
    photos = StreamField(PhotosBlock(), verbose_name=_("现场图片"), blank=True)
    highlights = RichTextField(_("访谈摘要"), blank=True, features=RICH_TEXT_FEATURES)

    library_kind = "interview"
    template = "structured/interview.html"
    NEEDED = ("starts_at", "host_unit")
    SECTIONS = ("introduction", "highlights")
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("venue", "interview venue"), ("host_unit", "interview host"),
        ("presenter", "interview presenter"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel("title", heading=_("访谈主题"), placeholder=_("访谈主题")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("questions_until")]),
                FieldRowPanel([FieldPanel("host_unit"), FieldPanel("venue")]),
                FieldPanel("presenter", help_text=_("现场文字里主持人的姓名，可以不填。")),
            ],
            heading=_("时间和地点"),
            help_text=_("提问截止时间不填，则到访谈开始为止。"),
        ),
        FieldPanel("guests", classname="stream-of-one-kind", help_text=_("一块一位嘉宾。")),
        FieldPanel("summary"),
        FieldPanel("introduction"),
        FieldPanel(
            "photos",
            classname="stream-of-one-kind",
            help_text=_("现场图片随本页送审，发布后可以在访谈台插入现场文字。"),
        ),
        MultiFieldPanel(
            [FieldPanel("highlights"), FieldPanel("body")],
            heading=_("访谈摘要和实录（结束后填写）"),
            help_text=_("访谈结束后，在访谈台点“生成实录”，把现场文字转为这里的正文；审查发布后代替现场文字。"),
            classname="collapsed",
        ),
    ]

    class Meta:
        verbose_name = _("在线访谈")
        verbose_name_plural = _("在线访谈")

    @property
    def asks_until(self) -> datetime | None:
        """Until when citizens may ask in advance; None while no time of the interview is known."""
        return self.questions_until or self.starts_at

    def facts(self) -> list[dict[str, str]]:
        """Return time, place and who speaks."""
        when = date_format(timezone.localtime(self.starts_at), "DATETIME_FORMAT") if self.starts_at else ""
        said = [("starts_at", when), *((name, getattr(self, name)) for name in ("venue", "host_unit", "presenter"))]
        return [{"label": self.label_of(name), "value": value} for name, value in said if value]

    def has_content(self) -> bool:
        return super().has_content() or bool(self.guests)

    def scanned_text(self) -> PageText:
        text = super().scanned_text()
        for block in self.guests:
            text.body.append(" ".join(str(block.value.get(name) or "") for name in ("name", "post")))
            if (portrait := block.value.get("portrait")) is not None:
                text.pictures.append(picture_facts(portrait, str(block.value.get("name") or "")))
        for block in self.photos:
            caption, alternative = (str(block.value.get(name) or "") for name in ("caption", "alt"))
            text.body.append(caption)
            text.alternatives.append(alternative)
            if (image := block.value.get("image")) is not None:
                text.pictures.append(picture_facts(image, f"{caption} {alternative}"))
        return text

    def reasons_against_submitting(self) -> list[str]:
        said = super().reasons_against_submitting()
        if not self.guests:
            said.append(PlacedReason(_t("请至少填写一位嘉宾。"), "guests"))
        if self.questions_until and self.starts_at and self.questions_until > self.starts_at:
            said.append(PlacedReason(_t("网友提问截止时间应早于访谈时间。"), "questions_until"))
        if self.body and self._is_to_come():
            words = _t("访谈还没有结束，正文只写结束以后的实录；事先的介绍请写在“访谈背景”。")
            said.append(PlacedReason(words, "body"))
        return said

    def reasons_against_approving(self) -> list[str]:
        # A transcript is made of live text, which may be taken down or corrected until the transcript is public.
        return [
            _t("实录里还有第 %(number)d 条现场文字，它在生成实录以后已经%(what)s：请退回，改正实录后重新送审。")
            % {"number": number, "what": _t("撤回") if withdrawn else _t("改正")}
            for number, withdrawn in repeated_in(self)
        ]

    def library_sections(self) -> list[tuple[str, str]]:
        facts, *sections = super().library_sections()
        guests = [block.value for block in self.guests]
        listed = [(self.label_of("guests"), render_to_string("structured/interview_guests.html", {"guests": guests}))]
        return [facts, *(listed if guests else []), *sections]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["introduction"], context["highlights"] = (
            next((part for part in context["sections"] if part["title"] == self.label_of(name)), None)
            for name in self.SECTIONS
        )
        context["photos"] = [block.value for block in self.photos if block.value.get("image") is not None]
        context.update(live_context(self))
        return context

    def _is_to_come(self) -> bool:
        """Whether it is still going on, or has not begun; one that was never open here may be written down at once."""
        session = Session.objects.filter(page_id=self.pk).first() if self.pk else None
        if session is not None and session.opened_at is not None:
            return session.ended_at is None
        return self.starts_at is not None and self.starts_at > timezone.now()
