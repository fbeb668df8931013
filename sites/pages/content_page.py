"""The base of all content pages: unified metadata, body, what the gate and the scan ask of a page, how it is served."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from content_library.distribution.provenance import (
    reasons_against_handing_in,
    source_of_page,
    words_for_lost_source,
)
from content_library.metadata import (
    CONTENT_FIELDS,
    Disclosure,
    missing_required,
)
from content_library.resources.numbering import draw_index_number
from content_library.resources.records import LibraryRecord
from content_library.vocabularies.fields import TermCodeField
from content_library.vocabularies.queries import term_label
from govplatform.confidentiality.scanning.pieces import Piece
from govplatform.events.sheet import follow
from govplatform.refusals import PlacedReason
from govplatform.review.events import PageCopied
from govplatform.review.gate.requirements import reasons_against_showing_below
from govplatform.review.pages import ReviewedPageMixin
from govplatform.review.queries import site_path
from govplatform.tenancy.current import current_tenant, current_tenant_or_none
from govplatform.tenancy.hosts import current_host_kind, public_url
from govplatform.untrusted_files.link_places import places_in_texts

from .before_review import reasons_of_others
from .blocks import BodyBlock, says_something
from .completeness import UNTITLED, reasons_against_unfinished
from .context import base_context, content_context
from .forms import ContentPageForm
from .given_addresses import follows_title, given_slug
from .left_as_typed import KEY, NOTHING, Left, left_of, reasons_against_left, still_left
from .library_record import build_record
from .masked_values import masked_html, masked_stream, masked_strings, masked_text
from .text import PageText, fields_of, own_hosts, picture_facts, read_stream
from .title_panel import PlainTitlePanel
from .words_for_editors import words_for_editors

#: Metadata that a page gets in the act of publishing, so that nobody fills them in before.
SET_BY_PUBLISHING = {"published_at": "set by publishing", "index_number": "set by publishing"}


class PublicPageMixin(models.Model):
    """Public addresses and template context of pages of every kind, also home pages and columns."""

    depth: Any  # Wagtail's column, which Page brings

    class Meta:
        abstract = True

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Return (tenant id, root URL of the public host, path), whichever host asks: the console links there too.

        None when there is no current site, the site has no public host or the page is the root.
        """
        tenant = current_tenant_or_none()
        if tenant is None or not tenant.public_host or self.depth < 2:
            return None
        return (tenant.pk, public_url(tenant, "").rstrip("/"), site_path(self))  # type: ignore[arg-type]

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str | None:
        parts = self.get_url_parts(request)
        if parts is None:
            return None
        return parts[2] if current_host_kind.get() == "public" else f"{parts[1]}{parts[2]}"

    url = property(get_url)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {"page": self, "request": request, **base_context(self, request)}
        context["is_preview"] = bool(getattr(request, "is_preview", False))
        return context


class ContentPage(ReviewedPageMixin, PublicPageMixin, Page):
    """Abstract base of every kind of content: articles, topics, policies, structured pages, reposts."""

    slug: Any  # Wagtail's column, which Page brings

    summary = models.TextField(_("摘要"), blank=True, max_length=500)
    source = models.CharField(_("来源"), max_length=100)
    author = models.CharField(_("作者"), max_length=60, blank=True)
    keywords = models.CharField(_("主题词"), max_length=200, blank=True, help_text=_("多个词之间用空格隔开。"))
    subject_class = TermCodeField(_("主题分类"), max_length=4, vocabulary="subject", blank=True)
    audience = models.CharField(_("服务对象"), max_length=100, blank=True)
    disclosure = TermCodeField(
        _("公开方式"), max_length=12, vocabulary="disclosure", default=Disclosure.PROACTIVE.value
    )
    repostable = models.BooleanField(
        _("允许转载"),
        default=True,
        db_default=True,
        help_text=_("不勾选即“不得转载”：其他站点在信息资源库中看不到这条信息，也不能转载。"),
    )
    index_number = models.CharField(_("索引号"), max_length=40, blank=True, editable=False)
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("题图"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = StreamField(BodyBlock(), verbose_name=_("正文"), blank=True)
    #: Of words that were copied: the resource they came from. It goes with them wherever they are copied to.
    copied_from = models.UUIDField(_("复制自"), null=True, blank=True, editable=False)
    #: Of words that another site published before this one: when that was. The publish time itself is always our own.
    original_published_at = models.DateTimeField(_("原发布时间"), null=True, blank=True, editable=False)
    #: Where links of the live text are marked (link_places). Made of the text, so it is no part of
    #: a revision and of what is cleared.
    link_marks = models.JSONField(null=True, blank=True, editable=False, serialize=False)

    objects = PageManager()
    #: By what editors find a page in the console: the words of its newest draft and of what is live.
    search_fields = [*Page.search_fields, index.SearchField("draft_title"), index.SearchField("words_for_editors")]
    #: Pages were cleared before this field was there.
    digest_defaults: ClassVar[dict[str, Any]] = {"repostable": True, "copied_from": None, "original_published_at": None}
    exclude_fields_in_copy = ["index_number"]
    #: What was typed and no field could hold; of a version, not of what is live.
    left_as_typed: Left = NOTHING
    library_kind = ""
    #: Whether readers are told who wrote the page: not where a body speaks, and the author would be the editor.
    shows_author = True
    base_form_class = ContentPageForm
    subpage_types: list[str] = []
    show_in_menus_default = False

    content_panels = [
        PlainTitlePanel("title"),
        FieldPanel("summary"),
        FieldPanel("body"),
    ]
    metadata_panels = [
        MultiFieldPanel(
            [FieldPanel("source"), FieldPanel("author"), FieldPanel("keywords")], heading=_("来源与主题词")
        ),
        MultiFieldPanel(
            [FieldPanel("subject_class"), FieldPanel("audience"), FieldPanel("disclosure"), FieldPanel("repostable")],
            heading=_("分类"),
        ),
        FieldPanel("picture"),
    ]
    #: Times are reviewed with the content and kept by the gate; publishing itself sets the publish time.
    schedule_panel = MultiFieldPanel(
        [FieldPanel("go_live_at"), FieldPanel("expire_at")],
        heading=_("定时发布与到期撤下"),
        help_text=_("不填则审查通过后立即发布。时间与内容一起送审，到时自动执行。"),
    )
    #: Out of sight: nobody has to think of an address, and who knows one opens it.
    address_panel = MultiFieldPanel([FieldPanel("slug")], heading=_("网址"), classname="collapsed")
    promote_panels = [*metadata_panels, schedule_panel, address_panel]
    settings_panels: list[Any] = []

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self.live and kwargs.get("update_fields") is None:
            self.link_marks = places_in_texts(self.rich_texts())
        if self.live and not self.index_number and kwargs.get("update_fields") is None:
            with transaction.atomic():
                # 索引号 belongs to what was published: drawn with the first publication, or not at all.
                self.index_number = draw_index_number(
                    current_tenant(), timezone.localdate(), highest_used=highest_serial_in_use
                )
                try:
                    return super().save(*args, **kwargs)
                except BaseException:
                    self.index_number = ""
                    raise
        return super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._take_address()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._take_address()
        super().minimal_clean()

    def _take_address(self) -> None:
        """Take an address before Wagtail makes one of the title's Latin characters. Its place is known by then."""
        if not self.slug and self.path:
            self.slug = given_slug(self.title, self.get_parent(), besides=self)

    def with_content_json(self, content: Any) -> Any:
        """Return the revision as a page, with publish time and index number as stored: publishing sets both for good.

        Wagtail takes the time from the revision, whose JSON has lost the microseconds, and the gate would refuse it.
        """
        page = super().with_content_json(content)
        page.left_as_typed = left_of(page, content.get(KEY))
        page.first_published_at = self.first_published_at
        # given by publishing, whatever an older revision says
        page.index_number = self.index_number
        return page

    def serializable_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().serializable_data()
        left = still_left(self)
        return {**data, KEY: left} if left else data

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            made = super().copy(*args, **kwargs)
            follow(PageCopied(self, made))
        return made

    def reasons_against_submitting(self) -> list[str]:
        """Return, as sentences, what must be filled in before a review (docs/rules.md, unified metadata)."""
        values = {**self.metadata_values(), **SET_BY_PUBLISHING}
        reasons = missing_required(CONTENT_FIELDS, values)
        if self.disclosure != Disclosure.PROACTIVE:
            told = {"mode": self.get_disclosure_display()}
            reasons.append(PlacedReason(_t("公开方式是“%(mode)s”的信息不能在网站发布。") % told, "disclosure"))
        if self.title.strip() == UNTITLED:
            reasons.append(PlacedReason(_t("请填写标题。"), "title"))
        if not self.has_content():
            reasons.append(PlacedReason(_t("正文是空的，请先填写正文。"), "body"))
        reasons += reasons_against_unfinished(self.body)
        column = self.get_parent()
        if column is not None:
            reasons += reasons_against_showing_below(column)
        return [*self.reasons_left(), *reasons, *self.reasons_against_its_source(), *reasons_of_others(self)]

    def reasons_left(self) -> list[str]:
        return reasons_against_left(self)

    def reasons_against_its_source(self) -> list[str]:
        """What the source of copied words has against their being shown; empty for words of the site's own."""
        return reasons_against_handing_in(current_tenant(), self.pk, self.copied_from, self.title)

    def words_for_lost_source(self) -> str:
        """Return what is to be said of copied words whose source was taken back; '' for all others."""
        if self.copied_from is None and self.__dict__.get("known_repost") is False:
            return ""
        return words_for_lost_source(source_of_page(current_tenant(), self.pk, self.copied_from), self.title)

    def has_content(self) -> bool:
        return any(says_something(block) for block in self.body)

    def metadata_values(self) -> dict[str, Any]:
        """Return the page's metadata as shown to readers, by the codes of ``content_library.metadata``."""
        return {
            "title": self.title,
            "published_at": self.first_published_at,
            "source": self.source,
            "keywords": self.keywords,
            "author": self.author if self.shows_author else "",
            "summary": self.summary,
            "url": public_url(current_tenant(), site_path(self)),
            "index_number": self.index_number,
            "subject_class": self.get_subject_class_display(),
            "audience": self.get_audience_display(),
            "disclosure": self.get_disclosure_display(),
        }

    def get_audience_display(self) -> str:
        """Return 服务对象 in words: the label of the code that the field holds, else its text as typed."""
        return term_label("audience", self.audience)

    def library_record(self) -> LibraryRecord | None:
        """Return what the common library keeps of the page as it is live now; None: nothing."""
        return build_record(self)

    def library_sections(self) -> list[tuple[str, str]]:
        """Return ``[(heading, HTML)]``: the sections before the body in the library. A heading may be empty."""
        return []

    def library_metadata(self) -> dict[str, Any]:
        """Return the metadata for the common library: codes where ``metadata_values`` has words."""
        return {
            **self.metadata_values(),
            "subject_class": self.subject_class,
            "audience": self.audience,
            "disclosure": self.disclosure,
        }

    #: Fields that a person types besides the body, and what the scan calls them.
    SCANNED_FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("title", "title"), ("summary", "summary"), ("source", "source"), ("author", "author"),
        ("keywords", "keywords"), ("audience", "audience"), ("seo_title", "title for search engines"),
        ("search_description", "description for search engines"), ("slug", "address of the page"),
    )  # fmt: skip

    def rich_texts(self) -> Iterator[str]:
        """Yield every rich text of the page as stored, from the body and from rich text fields."""
        for field in self._meta.get_fields():
            if isinstance(field, StreamField):
                blocks = getattr(self, field.name)
                yield from (str(block.value.source) for block in blocks if block.block_type == "rich_text")
            elif isinstance(field, RichTextField):
                yield getattr(self, field.name) or ""

    def scanned_text(self) -> PageText:
        """Return text, links and pictures of the body (and of the rich text fields that a kind of page has besides)."""
        return read_stream(self.body)

    def scan_pieces(self) -> Iterator[Piece]:
        """Yield everything that the page says, typed fields first, piece by piece for the confidentiality scan."""
        yield from fields_of(self, self.SCANNED_FIELDS)
        yield from self.scanned_text().pieces()

    def scan_facts(self) -> dict[str, Any]:
        """Return the facts that the scan judges besides the pieces (``confidentiality.scanning.engine.scan_facts``)."""
        text = self.scanned_text()
        pictures = [*text.pictures, *([picture_facts(self.picture)] if self.picture else [])]
        return {
            "title": self.title,
            "kind": "article",
            "source": self.source,
            "text": "\n".join(text.body),
            "links": text.links,
            "own_hosts": own_hosts(text.links),
            "pictures": pictures,
        }

    def words_for_editors(self) -> str:
        """Return the text by which editors find the page, its newest draft included."""
        return words_for_editors(self)

    def mask_values(self, values: Mapping[str, str]) -> None:
        """Replace ``values`` in the text of this page object, which is not saved.

        ``values``: text without spaces -> as many characters to take its place. Choices and files stay as they are, and
        so does the address unless it follows the title, whose sounds it would go on telling.
        """
        before = self.title
        typed = {name for name, _where in self.SCANNED_FIELDS} - {"slug"}
        for field in self._meta.get_fields():
            if isinstance(field, StreamField):
                stored = getattr(self, field.name).get_prep_value()
                setattr(self, field.name, masked_stream(stored, values))
            elif isinstance(field, RichTextField):
                setattr(self, field.name, masked_html(getattr(self, field.name), values))
            elif field.name in typed:
                setattr(self, field.name, masked_text(str(getattr(self, field.name) or ""), values))
        self.left_as_typed = masked_strings(dict(self.left_as_typed), values)
        self.draft_title = self.title
        if self.title != before and follows_title(self, before):
            self.slug = given_slug(self.title, self.get_parent(), besides=self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(content_context(self, request, context["navigation"]))
        return context


def content_models() -> list[type[ContentPage]]:
    """Return every type of content page, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, ContentPage) and not model._meta.abstract]


def highest_serial_in_use(beginning: str) -> int:
    """Return the highest serial among the site's index numbers that begin with ``beginning``; 0 when there is none.

    Numbers of pages that are no longer live count too, so that no number is given twice.
    """
    numbers: list[str] = []
    for model in content_models():
        drawn = model._default_manager.filter(index_number__startswith=beginning)
        numbers += drawn.values_list("index_number", flat=True)
    serials = [number.removeprefix(beginning) for number in numbers]
    return max((int(serial) for serial in serials if serial.isdecimal()), default=0)
