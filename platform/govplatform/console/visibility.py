"""The part of the page tree that people without the right to drafts may see: columns, and what is live."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Page

from govplatform.review.permissions import VIEW_DRAFT, may_on_content


def visible_pages(pages: QuerySet[Page], user: Any) -> QuerySet[Page]:
    """``pages`` as ``user`` may see them: without drafts and without live pages that have unpublished changes.

    Only for people who may not see drafts, such as site administrators; all pages for everybody else.
    """
    if may_on_content(user, VIEW_DRAFT):
        return pages
    frame = [
        ContentType.objects.get_for_model(model).pk
        for model in apps.get_models()
        if issubclass(model, Page) and getattr(model, "is_structural", False)
    ]
    visible = Page.objects.filter(
        Q(depth=1) | Q(content_type_id__in=frame) | Q(live=True, has_unpublished_changes=False)
    )
    # By key: the search behind the explorer filters on indexed fields only.
    return pages.filter(pk__in=visible.values_list("pk", flat=True))


class VisiblePagesAPIViewSet(PagesAdminAPIViewSet):
    """Wagtail's API of the page tree, for the sidebar and the choosers, reduced to what the person may see."""

    #: No actions over the API: whatever changes a page is one of our own acts, which check and record it.
    actions: Mapping[str, Any] = MappingProxyType({})

    def get_base_queryset(self) -> QuerySet[Page]:
        return visible_pages(super().get_base_queryset(), self.request.user)
