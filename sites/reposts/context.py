"""The template variables of a repost beyond those of every content page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from content_library.metadata import CONTENT_FIELDS, DOCUMENT_FIELDS, Disclosure, Validity, meta_tags, rows
from content_library.models import Repost, Resource
from content_library.resources.queries import interpretations_of
from content_library.resources.showing import may_be_shown
from content_library.vocabularies.words import values_in_words
from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import current_host_kind
from sites.pages.external_links import external_mark

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
        "author": values.get("author", ""),
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
    note = resource.current.metadata.get("validity_note", "") or values.get("validity_note", "")
    return _("本文件%(state)s。%(note)s") % {"state": validity["label"], "note": note}


def interpretation_links(resource: Resource) -> list[dict[str, str]]:
    """Return links ``{"title", "url", "form"}`` to the public interpretations of a policy; empty for other kinds.

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
    if policy is None:
        return None
    number = policy.current.metadata.get("document_number", "")
    links = _links([policy])
    return {**links[0], "document_number": number} if links else None


def reposted_policies(most: int) -> list[dict[str, Any]]:
    """Return the ``most`` newest reposted policies of this site for the home page, each with an interpretation."""
    shown = (
        Repost.objects.filter(
            may_be_shown("resource__"),
            tenant=current_tenant(),
            state=Repost.State.LIVE,
            mode__in=(Repost.Mode.MIRROR, Repost.Mode.PINNED),
            resource__kind=Resource.Kind.POLICY,
        )
        .select_related("resource__current")
        .order_by("-published_at", "-pk")[:most]
    )
    lines = []
    for repost in shown:
        resource, values = repost.resource, repost.resource.current.metadata
        explained = interpretation_links(resource)
        lines.append(
            {
                "title": resource.title if repost.version == resource.current.number else title_then(repost),
                "url": repost.path,
                "date": repost.published_at,
                "document_number": values.get("document_number", ""),
                "validity": validity_of(resource, values) or {"code": "", "label": ""},
                "interpretation": {"title": explained[0]["title"], "url": explained[0]["url"]} if explained else None,
            }
        )
    return lines


def title_then(repost: Repost) -> str:
    """Return the title of the version of the source that the repost shows, which need not be the newest."""
    return str(repost.resource.versions.values_list("title", flat=True).get(number=repost.version))


def _links(resources: list[Resource]) -> list[dict[str, str]]:
    """Return ``{"title", "url", "form"}`` of resources, with the address of this site's repost instead of the source's.

    A resource from another platform was reviewed by nobody here, so it is left out unless this site has reposted it.
    """
    if not resources:
        return []
    own = {
        repost.resource_id: repost.path
        for repost in Repost.objects.filter(
            tenant=current_tenant(), resource__in=resources, state=Repost.State.LIVE
        ).exclude(path="")
    }
    return [
        {"title": item.title, "url": own.get(item.pk, item.url), "form": ""}
        for item in resources
        if item.pk in own or item.tenant_id is not None
    ]
