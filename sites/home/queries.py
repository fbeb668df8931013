"""The sections of the home page, in the order and form that the site has chosen."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.distribution.listing import listed, title_of, without_recalled
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.review.queries import site_path
from sites.articles.models import Article, TopicPage
from sites.pages.external_links import external_mark
from sites.pages.navigation import ColumnNode, Navigation
from sites.pages.rendering import picture_of
from sites.policies.models import Interpretation, PolicyDocument
from sites.reposts.context import reposted_policies
from sites.reposts.models import RepostPage

from .layout import grouped, sections_of, shown_rows
from .leads import with_leads
from .offices import office_blocks
from .once import BOX_LINES, LENGTHS, SPARE, cells_in_a_row, each_once, in_two
from .pictures import slides
from .service_icons import service_icon

#: Section -> the variables that it shows; where none of them holds anything, it is left out.
_SHOWS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "carousel": ("slides",),
        "headline": ("headline", "headline_more", "notices"),
        "policies": ("policy_pairs",),
        "services": ("services",),
        "leaders": ("leaders",),
        "institutions": ("institutions",),
        "columns": ("column_blocks",),
        "topics": ("topics",),
        "links": ("link_groups",),
    }
)
_TEMPLATES: Mapping[str, str] = MappingProxyType({"columns": "column_blocks"})
_NEWEST = ("-first_published_at", "-pk")
#: Column types that have a place of their own on the page or are reference material.
_NOT_AS_LIST = frozenset(
    {"policies", "interpretations", "services", "overview", "institutions", "leaders", "guide", "annual", "catalogue"}
)
_MOST_SERVICES = 12
#: As many lines as stand beside the headline.
MOST_RECOMMENDED = LENGTHS["headline_more"]


def home_blocks(home: Any, navigation: Navigation) -> dict[str, Any]:
    """Return the template variables of ``home/home_page.html``; a section without anything in it is not shown."""
    # Its boxes gather from all columns.
    note_read(ReadOf.BELOW, home.path)
    notices, news = navigation.by_slug("notices"), navigation.by_slug("news")
    services = navigation.first_of_type("services")
    policies = navigation.first_of_type("policies")
    topics = list(without_recalled(TopicPage.objects.live()).select_related("picture").order_by(*_NEWEST)[:4])
    topic_column = navigation.holding(topics[0].path) if topics else None
    lead, more = _headlines(home, news)
    has_places = {node.pk for node in (notices, topic_column, None if _has_parts(navigation, news) else news) if node}
    blocks: dict[str, Any] = {
        "headline": lead,
        "headline_more": more,
        "news_url": _address(news),
        "notices": _items(notices, navigation, LENGTHS["notices"] + SPARE) if notices else [],
        "notices_url": _address(notices),
        "policy_pairs": _policy_pairs(),
        "policies_url": _address(policies),
        "services": _services(services, navigation) if services else [],
        "services_url": _address(services),
        "service_cells": 1,
        **office_blocks(navigation),
        "column_blocks": _column_blocks(navigation, has_places, news),
        "topics": [_card(topic) for topic in topics],
        "topics_url": _address(topic_column),
        "slides": slides(home.carousel),
        "site_notices": [_marked(row) for row in shown_rows(home.notices)],
        "floating": next((_marked(row) for row in shown_rows(home.floating)), None),
        "link_groups": grouped([_marked(row) for row in home.links]),
    }
    order = sections_of(home.sections)
    each_once(blocks, [section.code for section, _form in order], _SHOWS)
    if {section.code: form for section, form in order}.get("columns") == "pictures":
        blocks["column_blocks"] = with_leads(blocks["column_blocks"])
    blocks["two_columns"] = in_two(blocks["column_blocks"])
    blocks["service_cells"] = cells_in_a_row(len(blocks["services"]))
    sections = [
        {"template": f"home/{_TEMPLATES.get(section.code, section.code)}.html", "form": form}
        for section, form in order
        if any(blocks[name] for name in _SHOWS[section.code])
    ]
    return {**blocks, "sections": sections}


def _marked(row: dict[str, Any]) -> dict[str, Any]:
    """A row with the mark of a link that leaves government sites."""
    return {**row, "mark": external_mark(row.get("url", ""))}


def _address(node: ColumnNode | None) -> str:
    return node.path if node else ""


def _headlines(home: Any, news: ColumnNode | None) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the headline (None when nothing is published) and six lines to stand beside it: recommended, newest.

    The headline is the pinned page while it is live, else the newest article with a picture, else the newest.
    """
    newest = list(
        listed(Article.objects.live())
        .filter(path__startswith=news.tree_path if news else home.path)
        .select_related("picture")
        .order_by(*_NEWEST)[:30]
    )
    chosen = without_recalled(Page.objects.filter(pk=home.headline_page_id, live=True)).first()
    pinned = chosen.specific if chosen is not None else None
    lead = pinned or next((a for a in newest if a.picture_id), newest[0] if newest else None)
    if lead is None:
        return None, []
    recommended = _recommended(lead.pk)
    shown = {lead.pk, *recommended}
    more = [_line(item) for item in [*newest, *_reposted(news, navigation_root=home.path)] if item.pk not in shown]
    newest_lines = sorted(more, key=lambda line: line["date"], reverse=True)
    return _card(lead), [*recommended.values(), *newest_lines][: LENGTHS["headline_more"] + SPARE]


def _recommended(lead_id: int) -> dict[int, dict[str, Any]]:
    """Return id -> line of the public pages that stand in front of the newest, besides the headline."""
    newest = listed(recommended_pages().filter(live=True).exclude(pk=lead_id))[:MOST_RECOMMENDED]
    return {page.pk: {**_line(page), "badge": _("推荐")} for page in newest}


def recommended_pages() -> Any:
    """The pages of the current site that are recommended, what was last in front; public ones and others."""
    return Page.objects.filter(recommended__isnull=False).order_by("-recommended__recommended_at", "-pk")


def _reposted(news: ColumnNode | None, *, navigation_root: str) -> list[Any]:
    """Return the six newest reposts among the news; having no picture of their own, they are never the headline."""
    within = news.tree_path if news else navigation_root
    return list(listed(RepostPage.objects.live()).filter(path__startswith=within).order_by(*_NEWEST)[:6])


def _policy_pairs() -> list[dict[str, Any]]:
    policies = list(listed(PolicyDocument.objects.live()).order_by(*_NEWEST)[:6])
    by_policy: dict[int, Interpretation] = {}
    explained = without_recalled(Interpretation.objects.live()).filter(policy__in=policies)
    for item in explained.order_by("first_published_at"):
        by_policy[item.policy_id] = item
    own: list[dict[str, Any]] = [
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
    return sorted([*own, *reposted_policies(6)], key=lambda line: line["date"], reverse=True)[:6]


def _services(column: ColumnNode, navigation: Navigation) -> list[dict[str, Any]]:
    """Return the child columns of the services column, then its single services, as ``{"title", "url", "icon"}``."""
    topics = [node.link() for node in navigation.children_of(column)]
    single = _items(column, navigation, _MOST_SERVICES) if len(topics) < _MOST_SERVICES else []
    known = {topic["url"] for topic in topics}
    below = [item for item in single if not any(item["url"].startswith(address) for address in known)]
    shown = [*topics, *below][:_MOST_SERVICES]
    return [{"title": item["title"], "url": item["url"], "icon": service_icon(item["title"])} for item in shown]


def _has_parts(navigation: Navigation, node: ColumnNode | None) -> bool:
    return node is not None and bool(navigation.children_of(node))


def _column_blocks(navigation: Navigation, shown: set[int], news: ColumnNode | None) -> list[dict[str, Any]]:
    """Return ``{"title", "url", "items"}`` of the other columns that have content, with lines to spare (``once``).

    The news column itself stands beside the headline, so only its child columns are listed here.
    """
    nodes: list[ColumnNode] = []
    for node in navigation.roots():
        if node.pk in shown or node.column_type in _NOT_AS_LIST:
            continue
        nodes += navigation.children_of(node) if news is not None and node.pk == news.pk else [node]
    blocks = []
    for node in nodes:
        if items := _items(node, navigation, BOX_LINES + SPARE):
            blocks.append({"title": node.title, "url": node.path, "items": items})
    return blocks


def _items(column: ColumnNode, navigation: Navigation, count: int) -> list[dict[str, Any]]:
    pages = (
        listed(Page.objects.filter(path__startswith=column.tree_path, live=True))
        .exclude(pk__in=[node.pk for node in navigation.nodes])
        .only("title", "url_path", "first_published_at")
        .order_by(*_NEWEST)[:count]
    )
    return [{**_line(page), "pk": page.pk} for page in pages]


def _line(page: Page) -> dict[str, Any]:
    return {"title": title_of(page), "url": site_path(page), "date": page.first_published_at}


def _card(page: Any) -> dict[str, Any]:
    return {**_line(page), "summary": page.summary, "picture": picture_of(page)}
