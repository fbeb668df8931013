"""The home page as a part of the frame: its title, and the words and pictures that a site's own people put on it."""

from types import MappingProxyType
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.events.sheet import follow
from govplatform.review.frame.kinds import Texts
from govplatform.review.frame.page_kinds import UNSEEN_OF_PAGES, FramePageKind
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.models import Tenant

from .events import FramePicturesChanged
from .layout import PICTURE, ROWS, reasons_against_rows
from .pictures import masthead, reasons_against_pictures


class HomeKind(FramePageKind):
    model = "home.HomePage"
    texts = ("title", "slug", *ROWS)
    unseen: ClassVar = MappingProxyType({**UNSEEN_OF_PAGES, "sections": "codes of sections and forms in the code"})
    defaults: ClassVar = MappingProxyType({name: [] for name in ROWS})
    pictures = tuple(name for name, spec in ROWS.items() if PICTURE in spec.parts)

    def reasons_against(self, obj: Any, texts: Texts) -> list[str]:
        reasons = [] if texts["title"].strip() else [_("首页标题不能为空。")]
        for name in ROWS:
            found = list(reasons_against_rows(name, texts[name], getattr(obj, name)))
            if not found and name in self.pictures:
                found = list(reasons_against_pictures(name, texts[name]))
            reasons += found
        return reasons

    def apply(self, obj: Any, texts: Texts, *, acting_user: Any, is_new: bool = False) -> None:
        before = self._pictures(type(obj).objects.get(pk=obj.pk))
        super().apply(obj, texts, acting_user=acting_user, is_new=is_new)
        shown = self._pictures(obj)
        if {"logo", "banner"} & set(texts):
            self._put_at_the_head(obj)
        if shown != before:
            follow(FramePicturesChanged(gone=before - shown))

    def _pictures(self, obj: Any) -> frozenset[int]:
        return frozenset(row[PICTURE] for name in self.pictures for row in getattr(obj, name))

    def _put_at_the_head(self, obj: Any) -> None:
        # Not the tenant at hand, which others may hold as the current site: the row.
        row = Tenant.objects.get(pk=current_tenant().pk)
        row.masthead = masthead(obj.logo, obj.banner)
        with tenant_context(row):
            row.save(update_fields=["masthead"])


HOME = HomeKind()
