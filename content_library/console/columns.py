"""The columns of the current site that a repost can go to."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

#: The home page is at depth 2.
_FIRST_DEPTH = 3


def column_choices() -> list[tuple[str, str]]:
    """Return ``(slug, title)`` of the live structural pages below the home page, indented by depth."""
    frame = [
        ContentType.objects.get_for_model(model).pk
        for model in apps.get_models()
        if issubclass(model, Page) and getattr(model, "is_structural", False)
    ]
    found = Page.objects.filter(content_type_id__in=frame, live=True, depth__gte=_FIRST_DEPTH).order_by("path")
    return [
        (slug, "　" * (depth - _FIRST_DEPTH) + title)
        for slug, title, depth in found.values_list("slug", "title", "depth")
    ]
