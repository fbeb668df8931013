"""The template variables of a repost beyond those of every content page."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.distribution.place import place_of_rows
from content_library.metadata import CONTENT_FIELDS, DOCUMENT_FIELDS, Disclosure, Validity, meta_tags, rows
from content_library.models import Repost, Resource, ResourceVersion
from content_library.resources.queries import interpretations_of
from content_library.resources.showing import may_be_shown
from content_library.vocabularies.words import values_in_words
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.tenancy.hosts import current_host_kind
from sites.pages.external_links import external_mark
from sites.pages.rows import path_of

from .markup import PUBLIC_FILES, shown_html
from .queries import Shown


def repost_context(page: Any, shown: Shown | None, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the template variables of a repost page: text, metadata and links of the version that is shown.

    ``shown`` None: the version is not in the library any more; ``context``: the variables so far.
    """
    if shown is None:
        return {"body": "", "is_gone": True}
    resource, version = shown.resource, shown.version
    title = version.title
    is_policy = resource.kind == Resource.Kind.POLICY
    column_tags = [tag for tag in context["meta_tags"] if tag["name"].startswith(("Site", "Column"))]
    values = {**version.metadata, "title": title, "source": page.source, "published_at": page.first_published_at}
    return {
        "resource": resource,
        "version": version,
        "shown_title": title,
        "body": shown_html(version, file_prefix(page, request)),
        "attachments": [],
        "author": "" if is_policy else values.get("author", ""),
        "source_url": (source := shown.source_url),
        "source_mark": external_mark(source),
        "canonical_url": source or context["canonical_url"],
        "meta_tags": column_tags + meta_tags(CONTENT_FIELDS, {**values, "url": source}),
        "metadata_rows": rows(DOCUMENT_FIELDS, values_in_words(values)) if is_policy else [],
        "document_number": values.get("document_number", ""),
        "validity": validity_of(resource, values),
        "validity_notice": validity_notice(resource, values),
        "addressee": values.get("addressee", ""),
        "signature": values.get("signature", ""),
        "issued_date": parse_date(str(values.get("issued_on") or "")),
        "interpretations": interpretation_links(resource),
        "policy": policy_link(resource),
        "mode_label": page.get_mode_display(),
        "first_publish_time": resource.published_at,
        "correction_time": version.cleared_at if version.number > 1 else None,
    }


def file_prefix(page: Any, request: HttpRequest) -> str:
    """Return the beginning of the addresses of the page's files: public, or checked for permission in the console."""
    return console_files(page.pk) if current_host_kind.get() == "console" else PUBLIC_FILES


def console_files(page_id: int) -> str:
    """Return the beginning of the console addresses at which the library's files of a draft are served."""
    return reverse("reposts_file", args=[page_id, "0", "x"]).removesuffix("0/x")


def validity_of(resource: Resource, values: dict[str, Any]) -> dict[str, str] | None:
    """Return the validity of a policy document now, ``{"code", "label"}``; None for other kinds or an unknown code."""
    if resource.kind != Resource.Kind.POLICY:
        return None
    code = resource.status if resource.status in Validity.values else str(values.get("validity", ""))
    return {"code": code, "label": str(Validity(code).label)} if code in Validity.values else None


def validity_notice(resource: Resource, values: dict[str, Any]) -> str:
    """Return the sentence that the document is amended, repealed or lapsed by now, pinned or not; empty if valid."""
    validity = validity_of(resource, values)
    if validity is None or validity["code"] == Validity.IN_FORCE:
        return ""
    # The newest word on it, unless it came from another platform: that was reviewed by nobody here.
    newest = resource.current.metadata if resource.tenant_id is not None else values
    note = newest.get("validity_note", "") or values.get("validity_note", "")
    return _("本文件%(state)s。%(note)s") % {"state": validity["label"], "note": note}


def interpretation_links(resource: Resource) -> list[dict[str, str]]:
    """Return links to the public interpretations of a policy as in ``_links``; empty for other kinds.

    A link leads to this site's repost of the interpretation where there is one, else to its source.
    """
    if resource.kind != Resource.Kind.POLICY:
        return []
    found = [item for item in interpretations_of(resource) if item.disclosure == Disclosure.PROACTIVE]
    return _links(found)


def policy_link(resource: Resource) -> dict[str, str] | None:
    """Return a link to the document that an interpretation is about, wherever published; None when there is none.

    The link is ``{"title", "url", "form", "document_number"}``; a withdrawn document is not linked.
    """
    if resource.interprets is None:
        return None
    policy = Resource.objects.select_related("current").filter(may_be_shown(), uuid=resource.interprets).first()
    links = _links([policy]) if policy is not None else []
    return links[0] if links else None


def reposted_policies(most: int) -> list[dict[str, Any]]:
    """Return the ``most`` newest reposted policies of this site for the home page, each with an interpretation."""
    reposts = list(
        _own_reposts(
            may_be_shown("resource__"),
            state=Repost.State.LIVE,
            mode__in=(Repost.Mode.MIRROR, Repost.Mode.PINNED),
            resource__kind=Resource.Kind.POLICY,
        )
        .select_related("resource__current")
        .order_by("-published_at", "-pk")[:most]
    )
    lines, versions, paths = [], versions_shown(reposts), _paths_here(reposts)
    for repost in reposts:
        if (version := versions.get(repost.pk)) is None:
            continue
        resource = repost.resource
        values, explained = version.metadata, interpretation_links(resource)
        lines.append(
            {
                "title": version.title,
                "url": paths[repost.pk],
                "date": repost.published_at,
                "document_number": values.get("document_number", ""),
                "validity": validity_of(resource, values) or {"code": "", "label": ""},
                "interpretation": {"title": explained[0]["title"], "url": explained[0]["url"]} if explained else None,
            }
        )
    return lines


def versions_shown(reposts: Collection[Repost]) -> dict[int, ResourceVersion]:
    """Id of each live repost -> the version that it shows, which need not be the newest, without its text.

    The reposts have their resources with ``current``. One statement, none where all show the newest. A repost of a
    version that is not in the library is left out.
    """
    found = {(one.resource_id, one.resource.current.number): one.resource.current for one in reposts}
    if older := {(one.resource_id, one.version) for one in reposts} - found.keys():
        resources, numbers = map(set, zip(*older, strict=True))
        rows = ResourceVersion.objects.filter(resource__in=resources, number__in=numbers)
        found |= {(row.resource_id, row.number): row for row in rows.defer("html", "text", "link_marks")}
    return {one.pk: found[key] for one in reposts if (key := (one.resource_id, one.version)) in found}


def _own_reposts(*conditions: Q, **named: Any) -> QuerySet[Repost]:
    """Reposts of the current site, also where another site has taken them over (``place``)."""
    place = place_of_rows()
    found = Repost.objects.filter(*conditions, tenant_id=place.tenant_id, **named)
    if not place.offset:
        return found
    here = Page.objects.filter(live=True).annotate(number_there=F("pk") + place.offset)
    return found.filter(page_id__in=here.values("number_there"))


def _paths_here(reposts: Collection[Repost]) -> dict[int, str]:
    """Id of each repost -> its path on the current site."""
    offset = place_of_rows().offset
    if not offset:
        return {one.pk: one.path for one in reposts}
    numbers = [one.page_id - offset for one in reposts if one.page_id is not None]
    found = dict(Page.objects.filter(pk__in=numbers).values_list("pk", "url_path"))
    return {one.pk: path_of(found[one.page_id - offset]) for one in reposts if one.page_id is not None}


def _links(resources: list[Resource]) -> list[dict[str, str]]:
    """Return ``{"title", "url", "form", "document_number"}`` of resources, each with its ``current``.

    Where this site has reposted one, the address of the repost and the words of the version that it shows. A resource
    from another platform was reviewed by nobody here, so it is left out unless this site has reposted it.
    """
    if not resources:
        return []
    by_id = {item.pk: item for item in resources}
    note_read(ReadOf.RESOURCE, *by_id)
    if sources := {item.tenant_id for item in resources if item.tenant_id is not None}:
        note_read(ReadOf.OTHER_SITE, *sources)
    reposts = list(_own_reposts(resource__in=resources, state=Repost.State.LIVE).exclude(path=""))
    paths = _paths_here(reposts)
    for repost in reposts:
        repost.resource = by_id[repost.resource_id]
    shown = versions_shown(reposts)
    own = {repost.resource_id: (paths[repost.pk], shown[repost.pk]) for repost in reposts if repost.pk in shown}
    found = [
        own.get(item.pk, (item.url, item.current)) for item in resources if item.pk in own or item.tenant_id is not None
    ]
    return [
        {
            "title": version.title,
            "url": address,
            "form": "",
            "document_number": str(version.metadata.get("document_number", "")),
        }
        for address, version in found
    ]
