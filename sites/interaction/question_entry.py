"""答问知识库: a question that many have, with its answer; grown out of an answered letter by an editor's choice.

A page like any other: reviewed, in the library, found. The question is put generally by its editor; of the letter it
begins with what is public already, masked.
"""

from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.models import Page

from content_library.distribution.listing import title_of, without_recalled
from govplatform.refusals import PlacedReason
from govplatform.rendering.reads import ReadOf, note_read, note_until
from govplatform.review.queries import site_path
from sites.pages.structured_page import StructuredPage
from sites.pages.title_panel import PlainTitlePanel

#: What a question may be about: guides to services, policy documents and interpretations name it in turn.
ABOUT = ("services.ServiceItem", "policies.PolicyDocument", "policies.Interpretation")


class QuestionEntry(StructuredPage):
    """A question and its answer. ``case_number``: of the letter it grew out of, not shown; '' for one that did not.

    ``about``: the guide, policy or interpretation it explains, which names it in turn. ``look_again_on``: the day from
    which the answer has to be looked at again; the page says so until a newer version is cleared.
    """

    case_number = models.CharField(_("来信编号"), max_length=20, db_index=True, editable=False, blank=True)
    question = models.TextField(_("问题说明"), blank=True)
    answer = models.TextField(_("解答"), blank=True)
    department = models.CharField(_("解答单位"), max_length=120, blank=True)
    about = models.ForeignKey(
        Page,
        verbose_name=_("相关办事指南、政策文件或解读"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="question_entries",
    )
    look_again_on = models.DateField(_("复核日期"), null=True, blank=True)

    library_kind = "question"
    template = "structured/question.html"
    FACTS = ("department",)
    NEEDED = ("answer", "department")
    SCANNED_FIELDS = (
        *StructuredPage.SCANNED_FIELDS, ("department", "department"), ("question", "question"), ("answer", "answer"),
    )  # fmt: skip
    content_panels = [
        PlainTitlePanel(
            "title",
            heading=_("问题"),
            placeholder=_("问题"),
            help_text=_("写成大家都会问的样子，例如：居住证丢了怎么补办？"),
        ),
        FieldPanel("question", help_text=_("需要补充说明时写。不写来信人的情况：姓名、地址、日期、经过都去掉。")),
        FieldPanel("answer"),
        FieldPanel("department"),
        PageChooserPanel("about", ABOUT),
        FieldPanel("look_again_on", help_text=_("到这一天，请核对答案是否仍然有效，改好或原样再次送审。")),
    ]
    #: A copy grew out of nothing.
    exclude_fields_in_copy = [*StructuredPage.exclude_fields_in_copy, "case_number"]

    class Meta:
        verbose_name = _("答问")
        verbose_name_plural = _("答问")

    @property
    def is_due(self) -> bool:
        """Whether the answer has to be looked at again."""
        return self.look_again_on is not None and self.look_again_on <= timezone.localdate()

    def reasons_against_submitting(self) -> list[str]:
        said = super().reasons_against_submitting()
        if self.look_again_on is None:
            said.append(PlacedReason(_t("“复核日期”不能为空。"), "look_again_on"))
        elif self.is_due:
            said.append(PlacedReason(_t("“复核日期”已到，请核对答案后填写下一次复核的日期。"), "look_again_on"))
        if self.about is not None and self.about.specific_class not in _kinds():
            said.append(PlacedReason(_t("“相关办事指南、政策文件或解读”只能选这三种页面。"), "about"))
        return said

    def library_sections(self) -> list[tuple[str, str]]:
        told = [(self.label_of(name), getattr(self, name)) for name in ("question", "answer")]
        texts = [(label, format_html("<p>{}</p>", linebreaksbr(text))) for label, text in told if text]
        return [*super().library_sections(), *texts]

    def verb_facts(self) -> dict[str, Any]:
        return {"case": self.case_number, "look_again_on": self.look_again_on}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if self.look_again_on is not None and not self.is_due:
            note_until(timezone.make_aware(datetime.combine(self.look_again_on, time())))
        context.update(question=self.question, answer=self.answer, is_due=self.is_due, about=self._about())
        context["reply"] = self._reply()
        return context

    def named_on(self) -> list[int]:
        """Return the number of the answer that it grew out of, which names it in turn; [] without one."""
        return list(self._replies().values_list("pk", flat=True)) if self.case_number else []

    def _replies(self) -> models.QuerySet[Any]:
        replies: Any = apps.get_model("interaction.PublicReply")
        return replies.objects.filter(case_number=self.case_number)  # type: ignore[no-any-return]

    def _reply(self) -> dict[str, str] | None:
        """The public answer that it grew out of. Its letter stands there masked, as it was published."""
        if not self.case_number:
            return None
        found = without_recalled(self._replies().filter(live=True)).order_by("pk").first()
        if found is None:
            return None
        note_read(ReadOf.PAGE, found.pk)
        return {"title": found.title, "url": site_path(found)}

    def _about(self) -> dict[str, str] | None:
        if self.about_id is None:
            return None
        note_read(ReadOf.PAGE, self.about_id)
        page = without_recalled(Page.objects.live().filter(pk=self.about_id)).first()
        return {"title": title_of(page), "url": site_path(page)} if page is not None else None


def _kinds() -> list[Any]:
    return [apps.get_model(name) for name in ABOUT]
