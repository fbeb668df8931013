"""Descriptions of resources and changes, JSON-able, as the API writes them."""

import re
from collections.abc import Collection, Iterable
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from govplatform.tenancy.current import current_tenant
from govplatform.tenancy.hosts import public_url

from ..metadata import Disclosure
from ..models import Resource, ResourceFile, ResourceVersion
from ..resources.exchange import describe_for_export
from ..resources.records import BLOB_SCHEME
from .exposure import exposed
from .queries import PublicChange, describe_tombstone

_BLOB = re.compile(re.escape(BLOB_SCHEME) + r"([0-9a-f]{64})/([^\s\"'<>]+)")


def api_url(view: str, /, **kwargs: Any) -> str:
    """Return the absolute address of a view of the API on the host that was asked."""
    return public_url(current_tenant(), reverse(view, kwargs=kwargs, urlconf=settings.PUBLIC_URLCONF))


def describe_public(resource: Resource) -> dict[str, Any]:
    """Describe a resource as lists and changes show it."""
    site = resource.tenant
    made: dict[str, Any] = {
        "uuid": str(resource.uuid),
        "index_number": resource.number,
        "title": resource.title,
        "kind": resource.kind,
        "status": resource.status,
        "version": resource.current.number,
        "site": site.code if site else "",
        "site_name": site.full_name if site else "",
        "organisation": resource.get_organisation_display(),
        "level": resource.level,
        "subject_class": resource.subject_class,
        "subject_class_label": resource.get_subject_class_display(),
        "document_kind": resource.document_kind,
        "document_kind_label": resource.get_document_kind_display(),
        "audience": resource.audience,
        "audience_label": resource.get_audience_display(),
        "repostable": resource.repostable,
        "url": resource.url,
        "published_at": resource.published_at.isoformat(),
        "updated_at": resource.updated_at.isoformat(),
        "digest": resource.current.digest,
        "address": api_url("outward_resource", uuid=resource.uuid),
    }
    return made


def describe_whole(resource: Resource) -> dict[str, Any]:
    """Describe one resource in full: metadata, body with absolute addresses of its files, files, versions."""
    version = resource.current
    codes = {name: getattr(resource, name) for name in ("subject_class", "document_kind", "audience")}
    made = describe_public(resource)
    made |= {
        # The classification as it stands: a class may have been merged after the version was written.
        "metadata": {**version.metadata, **{name: value for name, value in codes.items() if value}},
        "html": _BLOB.sub(_file_address, version.html),
        "text": version.text,
        "files": [_describe_file(file) for file in version.files.select_related("blob")],
        "versions": [
            {"version": one.number, "digest": one.digest, "cleared_at": one.cleared_at.isoformat()}
            for one in shown_versions(resource)
        ],
        "document": api_url("outward_document", uuid=resource.uuid),
    }
    if resource.origin:
        made["origin"] = str(resource.origin)
    if resource.interprets in exposed_targets([resource]):
        made["interprets"] = str(resource.interprets)
    return made


def describe_document(resource: Resource, interpreted: Collection[UUID] | None = None) -> dict[str, Any]:
    """Describe the current version as other platforms import it (``/api/library/schema.json``), files by their SM3.

    ``interpreted``: the result of ``exposed_targets`` for a list that has this one in it; None to ask for this one
    alone.
    """
    made = describe_for_export(resource)
    shown = {version.number for version in shown_versions(resource)}
    current = resource.current.number
    # Titles of older versions are left out: the title may be what was corrected.
    made["versions"] = [
        one if one["version"] == current else {name: one[name] for name in ("version", "digest", "cleared_at")}
        for one in made["versions"]
        if one["version"] in shown
    ]
    if "interprets" in made and resource.interprets not in (
        exposed_targets([resource]) if interpreted is None else interpreted
    ):
        del made["interprets"]
    return made


def exposed_targets(resources: Iterable[Resource]) -> set[UUID]:
    """Return the uuids of the resources that ``resources`` interpret and the outside may read; one statement."""
    named = {one.interprets for one in resources if one.interprets}
    return set(Resource.objects.filter(exposed(), uuid__in=named).values_list("uuid", flat=True)) if named else set()


def describe_change(one: PublicChange, *, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """Describe a change: a tombstone for what is gone, else the resource as it is now, with its ``document``."""
    change, resource = one.change, one.change.resource
    if one.gone:
        return describe_tombstone(resource, change.at)
    made: dict[str, Any] = {
        "uuid": str(resource.uuid),
        "status": resource.status,
        "at": change.at.isoformat(),
        "act": change.act,
        "version": change.version,
        "resource": describe_public(resource),
    }
    if document is not None:
        made["document"] = document
    return made


def shown_versions(resource: Resource) -> list[ResourceVersion]:
    """Return the versions that were open to everybody, oldest first, without loading their texts."""
    return [
        version
        for version in _versions(resource)
        if version.metadata.get("disclosure", Disclosure.PROACTIVE) == Disclosure.PROACTIVE
    ]


def _versions(resource: Resource) -> Iterable[ResourceVersion]:
    if "versions" in getattr(resource, "_prefetched_objects_cache", {}):
        return resource.versions.all()
    return resource.versions.defer("html", "text", "link_marks")


def _describe_file(file: ResourceFile) -> dict[str, Any]:
    made = {
        "kind": file.kind,
        "name": file.name,
        "title": file.title,
        "sm3": file.blob_id,
        "size": file.blob.size,
        "content_type": file.content_type,
        "address": api_url("outward_file", sm3=file.blob_id, name=file.name),
    }
    if file.map_number:
        made["map_number"] = file.map_number
    return made


def _file_address(match: re.Match[str]) -> str:
    # Quoted by the URL resolver; what the HTML holds is escaped, and may be quoted already.
    return api_url("outward_file", sm3=match[1], name=unquote(unescape(match[2])))
