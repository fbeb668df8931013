"""政策文件 and 政策解读: published together, each leading to the other (《河北省政府网站管理办法》第二十一条)."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField

from content_library.distribution.listing import without_recalled
from content_library.metadata import DOCUMENT_FIELDS, InterpretationForm, Validity, missing_required, rows
from content_library.vocabularies.fields import TermCodeField
from govplatform.refusals import PlacedReason
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path
from sites.pages.blocks import RICH_TEXT_FEATURES
from sites.pages.content_page import SET_BY_PUBLISHING, ContentPage
from sites.pages.guides_and_policies import guides_resting_on
from sites.pages.questions_about import questions_about
from sites.pages.sections import SectionedPage


class PolicyDocument(ContentPage):
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    issued_by = models.CharField(_("发文机关"), max_length=120, blank=True)
    issued_on = models.DateField(_("成文日期"), null=True, blank=True)
    document_kind = TermCodeField(_("体裁"), max_length=20, vocabulary="kind", blank=True)
    validity = models.CharField(_("时效"), max_length=12, choices=Validity.choices, default=Validity.IN_FORCE)
    validity_note = models.CharField(
        _("时效说明"), max_length=200, blank=True, help_text=_("例如：自 2026 年 7 月 1 日起由某文件代替。")
    )
    addressee = models.CharField(_("主送机关"), max_length=300, blank=True)
    signature = models.CharField(_("落款"), max_length=200, blank=True)

    library_kind = "policy"
    shows_author = False
    template = "policies/policy_document.html"
    parent_page_types = ["columns.Column"]
    content_panels = [
        *ContentPage.content_panels[:1],
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("document_number"), FieldPanel("document_kind")]),
                FieldRowPanel([FieldPanel("issued_by"), FieldPanel("issued_on")]),
                FieldPanel("addressee"),
                FieldPanel("signature"),
            ],
            heading=_("文件信息"),
        ),
        *ContentPage.content_panels[1:],
        MultiFieldPanel([FieldPanel("validity"), FieldPanel("validity_note")], heading=_("时效")),
    ]
    promote_panels = [
        MultiFieldPanel([FieldPanel("source"), FieldPanel("keywords")], heading=_("来源与主题词")),
        *ContentPage.promote_panels[1:],
    ]

    SCANNED_FIELDS = (
        *ContentPage.SCANNED_FIELDS, ("document_number", "document number"), ("issued_by", "issued by"),
        ("addressee", "addressee"), ("signature", "signature"), ("validity_note", "validity note"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("政策文件")
        verbose_name_plural = _("政策文件")

    def metadata_values(self) -> dict[str, Any]:
        return {
            **super().metadata_values(),
            "document_number": self.document_number,
            "issued_by": self.issued_by,
            "issued_on": self.issued_on,
            "document_kind": self.get_document_kind_display(),
            "validity": self.get_validity_display(),
        }

    def library_metadata(self) -> dict[str, Any]:
        return {
            **super().library_metadata(),
            "document_kind": self.document_kind,
            "validity": self.validity,
            "validity_note": self.validity_note,
            "addressee": self.addressee,
            "signature": self.signature,
        }

    def scan_facts(self) -> dict[str, Any]:
        return {
            **super().scan_facts(),
            "kind": "policy",
            "issued_on": self.issued_on,
            "interpretations": Interpretation.objects.filter(policy_id=self.pk).count(),
        }

    def reasons_against_submitting(self) -> list[str]:
        values = {**self.metadata_values(), **SET_BY_PUBLISHING}
        own = missing_required(DOCUMENT_FIELDS, values)
        return list(dict.fromkeys([*super().reasons_against_submitting(), *own]))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        interpretations = list(
            without_recalled(Interpretation.objects.live().filter(policy=self)).order_by("first_published_at")
        )
        if interpretations:
            note_read(ReadOf.PAGE, *[item.pk for item in interpretations])
        shown = {site_path(item) for item in interpretations}
        context.update(
            related=[item for item in context["related"] if item["url"] not in shown],
            metadata_rows=rows(DOCUMENT_FIELDS, self.metadata_values()),
            document_number=self.document_number,
            validity={"code": self.validity, "label": self.get_validity_display()},
            validity_notice=self.validity_notice(),
            addressee=self.addressee,
            signature=self.signature,
            issued_on=self.issued_on,
            questions=questions_about(self),
            guides=guides_resting_on(self.pk),
            interpretations=[
                {"title": item.title, "url": site_path(item), "form": str(item.get_form_display())}
                for item in interpretations
            ],
        )
        return context

    def validity_notice(self) -> str:
        """Return the sentence for the page that the document is amended, repealed or lapsed; empty while in force."""
        if self.validity == Validity.IN_FORCE:
            return ""
        return _t("本文件%(state)s。%(note)s") % {
            "state": self.get_validity_display(),
            "note": self.validity_note,
        }


class Interpretation(SectionedPage):
    """An interpretation of a policy document: the four sections of the regulation, and a body of any form."""

    policy = models.ForeignKey(
        PolicyDocument,
        verbose_name=_("所解读的政策文件"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="interpretations",
    )
    form = models.CharField(
        _("解读形式"), max_length=12, choices=InterpretationForm.choices, default=InterpretationForm.TEXT
    )
    background = RichTextField(_("背景依据"), blank=True, features=RICH_TEXT_FEATURES)
    aims = RichTextField(_("目标任务"), blank=True, features=RICH_TEXT_FEATURES)
    main_content = RichTextField(_("主要内容"), blank=True, features=RICH_TEXT_FEATURES)
    problems_solved = RichTextField(_("解决的问题"), blank=True, features=RICH_TEXT_FEATURES)

    SECTIONS = ("background", "aims", "main_content", "problems_solved")
    library_kind = "interpretation"
    template = "policies/interpretation.html"
    parent_page_types = ["columns.Column"]
    content_panels = [
        *ContentPage.content_panels[:1],
        PageChooserPanel("policy", "policies.PolicyDocument"),
        FieldPanel("form"),
        FieldPanel("summary"),
        *[FieldPanel(name) for name in SECTIONS],
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("政策解读")
        verbose_name_plural = _("政策解读")

    def scan_facts(self) -> dict[str, Any]:
        return {**super().scan_facts(), "kind": "interpretation"}

    def reasons_against_submitting(self) -> list[str]:
        reasons = super().reasons_against_submitting()
        if self.policy_id is None:
            reasons.append(PlacedReason(_t("请选择所解读的政策文件。"), "policy"))
        if self.form == InterpretationForm.TEXT:
            empty = [name for name in self.SECTIONS if not getattr(self, name)]
            if empty:
                names = "、".join(self.label_of(name) for name in empty)
                reasons.append(PlacedReason(_t("文字解读须写全四个部分，缺：%(names)s。") % {"names": names}, empty[0]))
        return reasons

    def library_metadata(self) -> dict[str, Any]:
        return {**super().library_metadata(), "interpretation_form": self.form}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        note_read(ReadOf.PAGE, self.policy_id)
        # Not one whose source was withdrawn either, when it was copied from elsewhere.
        policy = without_recalled(PolicyDocument.objects.live().filter(pk=self.policy_id)).first()
        if policy is not None:
            shown = site_path(policy)
            context["related"] = [item for item in context["related"] if item["url"] != shown]
        context.update(
            policy=(
                {"title": policy.title, "url": site_path(policy), "document_number": policy.document_number}
                if policy
                else None
            ),
            questions=questions_about(self),
            guides=guides_resting_on(policy.pk) if policy is not None else [],
        )
        return context
