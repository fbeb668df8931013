"""Columns as a part of the frame: which of their fields citizens read."""

import re
from types import MappingProxyType
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from govplatform.review.frame.kinds import Texts
from govplatform.review.frame.page_kinds import UNSEEN_OF_PAGES, FramePageKind
from govplatform.traditional.addresses import NAME as TRADITIONAL
from sites.pages.known_values import KNOWN_FIELDS

from .models import Column

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?")
#: Paths of the public host that no column may take.
_RESERVED = frozenset(
    {
        "sitemap",
        "sitemap.xml",
        "robots.txt",
        "media",
        "static",
        "documents",
        "admin",
        "search",
        "api",
        "library",
        "error-report",
        TRADITIONAL,
    }
)


class ColumnKind(FramePageKind):
    model = "columns.Column"
    texts = ("title", "slug", "description", "keywords")
    unseen: ClassVar = MappingProxyType(
        {
            **UNSEEN_OF_PAGES,
            "responsible_unit": "shown in the console alone, beside the duty",
            **{f"default_{name}": "begins a draft, which is reviewed with it" for name, _vocabulary in KNOWN_FIELDS},
        }
    )

    def proper_names(self, obj: Any) -> frozenset[str]:
        # Every site has a column of this name: it says how to apply, and gives nothing away.
        return frozenset({"依申请公开"})

    def reasons_against(self, obj: Any, texts: Texts) -> list[str]:
        """Say it for the name and for the slug; a slug that stays may be an older one."""
        reasons = [] if texts["title"].strip() else [_("栏目名称不能为空。")]
        stored = Column.objects.filter(pk=obj.pk).values_list("slug", flat=True).first() if obj.pk else None
        if texts["slug"] == stored:
            return reasons
        reasons += reasons_against_slug(texts["slug"])
        if obj.pk is None:
            return reasons
        parent = obj.get_parent()
        if parent.get_children().filter(slug=texts["slug"]).exclude(pk=obj.pk).exists():
            reasons.append(reason_against_taken(parent, texts["slug"]))
        return reasons


def reasons_against_slug(slug: str) -> list[str]:
    """Say why no column may have this slug."""
    if _SLUG.fullmatch(slug) and slug not in _RESERVED:
        return []
    return [_("栏目标识“%(slug)s”不能用：只含小写字母、数字和连字符，且不与系统地址重名。") % {"slug": slug}]


def reason_against_taken(parent: Any, slug: str) -> str:
    return _("“%(parent)s”之下已经有标识为“%(slug)s”的栏目。") % {"parent": parent.title, "slug": slug}


COLUMN = ColumnKind()
