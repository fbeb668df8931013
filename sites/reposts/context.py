"""What the template of a repost is given besides what every content page is."""

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

from .markup import PUBLIC_FILES, shown_html
from .queries import Shown


def repost_context(page: Any, shown: Shown | None, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Text, metadata and links of the version that is shown."""
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
    """Public address of files; in the console one that asks who looks."""
    return console_files(page.pk) if current_host_kind.get() == "console" else PUBLIC_FILES


def console_files(page_id: int) -> str:
    """Where the console answers for the library's files of a draft."""
    return reverse("reposts_file", args=[page_id, "0", "x"]).removesuffix("0/x")


def validity_of(resource: Resource, values: dict[str, Any]) -> dict[str, str] | None:
    """``{"code", "label"}`` of a policy document, as the resource stands now."""
    if resource.kind != Resource.Kind.POLICY:
        return None
    code = resource.status if resource.status in Validity.values else str(values.get("validity", ""))
    return {"code": code, "label": str(Validity(code).label)} if code in Validity.values else None


def validity_notice(resource: Resource, values: dict[str, Any]) -> str:
    """A repealed document says so wherever it is shown, also on a pinned page."""
    validity = validity_of(resource, values)
    if validity is None or validity["code"] == Validity.IN_FORCE:
        return ""
    note = resource.current.metadata.get("validity_note", "") or values.get("validity_note", "")
    return _("本文件%(state)s。%(note)s") % {"state": validity["label"], "note": note}


def interpretation_links(resource: Resource) -> list[dict[str, str]]:
    """What interprets this policy anywhere on the platform: the own repost of it, else its source."""
    if resource.kind != Resource.Kind.POLICY:
        return []
    found = [item for item in interpretations_of(resource) if item.disclosure == Disclosure.PROACTIVE]
    return _links(found)


def policy_link(resource: Resource) -> dict[str, str] | None:
    """The document that this interpretation is about, wherever it was published."""
    if resource.interprets is None:
        return None
    policy = Resource.objects.select_related("current").filter(may_be_shown(), uuid=resource.interprets).first()
    if policy is None:
        return None
    number = policy.current.metadata.get("document_number", "")
    links = _links([policy])
    return {**links[0], "document_number": number} if links else None


def reposted_policies(most: int) -> list[dict[str, Any]]:
    """The newest reposted policies of this site with the first interpretation of each, for the home page."""
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
    """The title of the version that is shown, where the source has moved on."""
    return str(repost.resource.versions.values_list("title", flat=True).get(number=repost.version))


def _links(resources: list[Resource]) -> list[dict[str, str]]:
    """``{"title", "url", "form"}``; a page of this site comes before the source.

    What another platform sent was reviewed by nobody here: it is named where this site has reposted it, else not.
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
