"""What the home page shows, in the order of what people come for (LOOK.md)."""

from typing import Any

from wagtail.models import Page

from govplatform.review.queries import site_path
from sites.articles.models import Article, TopicPage
from sites.navigation import Navigation
from sites.policies.models import Interpretation, PolicyDocument
from sites.rendering import picture_of

_NEWEST = ("-first_published_at", "-pk")
#: Column types that have a place of their own on the page or are reference material.
_NOT_AS_LIST = frozenset({"policies", "interpretations", "services", "overview", "institutions", "leaders", "guide"})


def home_blocks(home: Any, navigation: Navigation) -> dict[str, Any]:
    """All lists of ``home/home_page.html``; an empty list is an empty block and not shown."""
    headline, more = _headlines(home)
    notices = next((n for n in navigation.nodes if n.slug == "notices"), None)
    shown = {n.pk for n in [notices] if n}
    return {
        "headline": headline,
        "headline_more": more,
        "notices": _items(notices.tree_path, 8) if notices else [],
        "notices_url": notices.path if notices else "",
        "policy_pairs": _policy_pairs(),
        "policies_url": next((n.path for n in navigation.nodes if n.column_type == "policies"), ""),
        "services": [],
        "column_blocks": _column_blocks(navigation, shown),
        "topics": [_card(topic) for topic in TopicPage.objects.live().select_related("picture").order_by(*_NEWEST)[:4]],
    }


def _headlines(home: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    newest = list(Article.objects.live().select_related("picture").order_by(*_NEWEST)[:30])
    pinned = home.headline_page.specific if home.headline_page and home.headline_page.live else None
    lead = pinned or next((a for a in newest if a.picture_id), newest[0] if newest else None)
    if lead is None:
        return None, []
    rest = [a for a in newest if a.pk != lead.pk]
    more = rest[:5]
    return _card(lead), [_line(item) for item in more]


def _policy_pairs() -> list[dict[str, Any]]:
    policies = list(PolicyDocument.objects.live().order_by(*_NEWEST)[:6])
    by_policy: dict[int, Interpretation] = {}
    for item in Interpretation.objects.live().filter(policy__in=policies).order_by("first_published_at"):
        by_policy[item.policy_id] = item
    return [
        {
            **_line(policy),
            "document_number": policy.document_number,
            "validity": {"code": policy.validity, "label": policy.get_validity_display()},
            "interpretation": (
                {"title": by_policy[policy.pk].title, "url": site_path(by_policy[policy.pk])}
                if policy.pk in by_policy
                else None
            ),
        }
        for policy in policies
    ]


def _column_blocks(navigation: Navigation, shown: set[int]) -> list[dict[str, Any]]:
    blocks = []
    for node in navigation.roots():
        if node.pk in shown or node.column_type in _NOT_AS_LIST:
            continue
        if items := _items(node.tree_path, 7):
            blocks.append({"title": node.title, "url": node.path, "items": items})
    return blocks[:6]


def _items(tree_path: str, count: int) -> list[dict[str, Any]]:
    from sites.columns.models import Column

    pages = (
        Page.objects.filter(path__startswith=tree_path, live=True)
        .exclude(pk__in=Column.objects.filter(path__startswith=tree_path).values("pk"))
        .order_by(*_NEWEST)[:count]
    )
    return [_line(page) for page in pages]


def _line(page: Page) -> dict[str, Any]:
    return {"title": page.title, "url": site_path(page), "date": page.first_published_at}


def _card(page: Any) -> dict[str, Any]:
    return {**_line(page), "summary": page.summary, "picture": picture_of(page)}
