"""统一元数据 (unified metadata): the one definition for pages, library, search, feeds, archive (docs/rules.md).

A field says how it is called, which HTML meta tag carries it, and whether it may be empty.
Values are read from any object that offers ``metadata_values()``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.refusals import PlacedReason


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _l("现行有效")
    AMENDED = "amended", _l("已被修改")
    REPEALED = "repealed", _l("已废止")
    LAPSED = "lapsed", _l("已失效")


class Disclosure(StrEnum):
    """公开方式 (ways of disclosure) by the codes that the platform itself reads; their names are in the vocabulary."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"


class InterpretationForm(models.TextChoices):
    """解读形式: the forms in which a policy is explained."""

    TEXT = "text", _l("文字解读")
    CHART = "chart", _l("图解")
    AUDIO = "audio", _l("音频解读")
    VIDEO = "video", _l("视频解读")
    ANIMATION = "animation", _l("动漫解读")
    COMMENTARY = "commentary", _l("评论文章")
    INTERVIEW = "interview", _l("专家访谈")


@dataclass(frozen=True)
class MetadataField:
    """One field of the metadata.

    ``meta_name``: name of its HTML meta tag, or ''; ``required``: it may not be empty on a public page.
    """

    code: str
    label: str | Promise
    meta_name: str = ""
    required: bool = False


SITE_FIELDS = (
    MetadataField("site_name", _l("网站名称"), "SiteName", required=True),
    MetadataField("site_domain", _l("网站域名"), "SiteDomain", required=True),
    MetadataField("site_identity_code", _l("网站标识码"), "SiteIDCode", required=True),
)
COLUMN_FIELDS = (
    MetadataField("column_name", _l("栏目名称"), "ColumnName", required=True),
    MetadataField("column_description", _l("栏目描述"), "ColumnDescription", required=True),
    MetadataField("column_keywords", _l("栏目关键词"), "ColumnKeywords", required=True),
    MetadataField("column_type", _l("栏目类别"), "ColumnType", required=True),
)
CONTENT_FIELDS = (
    MetadataField("title", _l("标题"), "ArticleTitle", required=True),
    MetadataField("published_at", _l("发布日期"), "PubDate", required=True),
    MetadataField("source", _l("来源"), "ContentSource", required=True),
    MetadataField("keywords", _l("主题词"), "Keywords"),
    MetadataField("author", _l("作者"), "Author"),
    MetadataField("summary", _l("摘要"), "Description"),
    MetadataField("image", _l("图片"), "Image"),
    MetadataField("url", _l("网址"), "Url"),
)
#: The block that stands above an official document, in the order it is read.  Issuing body and
#: date are not required: there are documents in force that name neither, and nobody may invent them.
DOCUMENT_FIELDS = (
    MetadataField("index_number", _l("索引号"), required=True),
    MetadataField("subject_class", _l("主题分类")),
    MetadataField("issued_by", _l("发文机关")),
    MetadataField("issued_on", _l("成文日期")),
    MetadataField("title", _l("标题"), required=True),
    MetadataField("document_number", _l("发文字号")),
    MetadataField("published_at", _l("发布日期"), required=True),
    MetadataField("keywords", _l("主题词")),
    MetadataField("document_kind", _l("体裁")),
    MetadataField("audience", _l("服务对象")),
    MetadataField("validity", _l("时效"), required=True),
    MetadataField("disclosure", _l("公开方式"), required=True),
    MetadataField("source", _l("来源")),
)
_EMPTY_WORDS = frozenset({"", "null", "none", "undefined", "-", "—", "无"})


def is_empty(value: Any) -> bool:
    """Tell whether a value is empty as the regulation means it: None, blank, or a word that stands for nothing."""
    return value is None or str(value).strip().lower() in _EMPTY_WORDS


def write_value(value: Any) -> str:
    """Write a value as the meta tags and the block show it: ``YYYY-MM-DD HH:MM`` for times, '' for None."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def meta_tags(fields: Iterable[MetadataField], values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return ``[{"name", "content"}]`` for the fields that have a tag and a value."""
    return [
        {"name": field.meta_name, "content": write_value(values[field.code])}
        for field in fields
        if field.meta_name and not is_empty(values.get(field.code))
    ]


def rows(fields: Iterable[MetadataField], values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return ``[{"label", "value"}]`` for the metadata block of a document; empty fields are left out."""
    return [
        {"label": str(field.label), "value": write_value(values[field.code])}
        for field in fields
        if not is_empty(values.get(field.code))
    ]


def missing_required(fields: Iterable[MetadataField], values: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each required field that is empty (``is_empty``)."""
    return [
        PlacedReason(_("“%(label)s”不能为空。") % {"label": field.label}, field.code)
        for field in fields
        if field.required and is_empty(values.get(field.code))
    ]
