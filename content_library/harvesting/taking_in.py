"""The import of one change from another platform, by the library's own import, or not at all."""

import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.events.sheet import follow
from govplatform.locks.holding import locking
from govplatform.refusals import Refused

from ..models import Change, Resource
from ..resources.actions import withdraw_resource
from ..resources.blobs import open_blob
from ..resources.entering import save_changed
from ..resources.events import ResourceRestored, ResourcesReclassified
from ..resources.exchange import LARGEST_TOTAL, import_resource
from ..schema.checking import faults_of
from ..schema.definition import json_schema
from .delivered import note_delivered, reusable_files
from .fetching import FetchFault, Policy, fetch
from .models import HarvestedResource, HarvestSource

LARGEST_FILE = 200 * 1024 * 1024
NEW, CHANGED, WITHDRAWN, SKIPPED = "new", "changed", "withdrawn", "skipped"


@dataclass
class Prepared:
    """A change ready to be imported by ``take_in``.

    ``gone``: it is a withdrawal. ``codes``: the classification at the origin, ``{column of Resource: code}``.
    ``package``: the document with its files as a zip, None where no import is needed. ``sent``: SM3 of the files in it
    that the source sent just now; ``reused``: of those that it sent before.
    """

    uuid: UUID
    gone: bool
    document: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    reclassified: bool = False
    package: Path | None = None
    sent: set[str] = field(default_factory=set)
    reused: set[str] = field(default_factory=set)


def prepare_change(
    item: dict[str, Any],
    source: HarvestSource,
    *,
    policy: Policy,
    folder: Path,
    files: dict[str, Path],
    beside: Collection[UUID] = (),
) -> Prepared:
    """Check the change and fetch the files it needs, outside any transaction.

    Raises Refused for what is wrong with this one resource, FetchFault when the other platform
    cannot be asked now. ``files``: files fetched before on this page, ``{sm3: path}``; new ones are added.
    ``beside``: uuids of the other resources on the page.
    """
    uuid = UUID(item["uuid"])
    if item["status"] == Resource.Status.WITHDRAWN:
        return Prepared(uuid, gone=True)
    document = item["document"]
    if faults := faults_of(document, json_schema()):
        raise Refused(faults)
    if document["uuid"] != item["uuid"]:
        raise Refused(_("变更与所附文件的编号不一致。"))
    reclassified = item.get("act") == Change.Act.RECLASSIFIED
    prepared = Prepared(uuid, gone=False, document=document, codes=_codes(item), reclassified=reclassified)
    if is_ours(uuid, document) or _is_known(uuid, source, document):
        return prepared
    if any("base64" in file for file in document.get("files", [])):
        raise Refused(_("变更中的文件不应夹带附件内容。"))
    prepared.reused = reusable_files(source, {file["sm3"] for file in document.get("files", [])}, beside)
    _pack(prepared, source, policy, folder, files)
    return prepared


def take_in(prepared: Prepared, source: HarvestSource, *, acting_user: User | None) -> str:
    """Carry out a prepared change; call inside a transaction.

    Returns NEW, CHANGED, WITHDRAWN or SKIPPED. Raises Refused for what this source may not do, FetchFault when the
    resource changed since the preparation.
    """
    resource = locking(Resource.objects.filter(uuid=prepared.uuid).select_related("current")).first()
    if resource is not None and resource.tenant_id is not None:
        return SKIPPED
    known = HarvestedResource.objects.filter(resource=resource).first() if resource is not None else None
    if prepared.gone:
        return _end(resource, known, source)
    if is_ours(prepared.uuid, prepared.document):
        return SKIPPED
    if resource is not None and (known is None or known.source_id != source.pk):
        raise Refused(_("这条资源不是由这个来源带来的，不能由它更正。"))
    if resource is not None and known is not None:
        if resource.is_withdrawn and not known.ended_there:
            raise Refused(_("这条资源已由本平台撤回，没有随来源恢复。"))
        if _same(known, prepared.document):
            return _as_before(resource, known, prepared)
    return _import(prepared, resource, source, acting_user)


def is_ours(uuid: UUID, document: dict[str, Any]) -> bool:
    """Tell whether the resource was published here, or is a copy of one that was; such are not imported."""
    named = [uuid, *([UUID(document["origin"])] if document.get("origin") else [])]
    return Resource.objects.filter(uuid__in=named, tenant__isnull=False).exists()


def _is_known(uuid: UUID, source: HarvestSource, document: dict[str, Any]) -> bool:
    known = HarvestedResource.objects.filter(resource__uuid=uuid, source=source).first()
    return known is not None and _same(known, document)


def _same(known: HarvestedResource, document: dict[str, Any]) -> bool:
    return known.version == document["version"] and known.digest == document.get("digest", "") != ""


def _end(resource: Resource | None, known: HarvestedResource | None, source: HarvestSource) -> str:
    if resource is None:
        return SKIPPED
    if known is None or known.source_id != source.pk:
        raise Refused(_("这条资源不是由这个来源带来的，不能由它撤回。"))
    if resource.is_withdrawn:
        return SKIPPED
    HarvestedResource.objects.filter(pk=known.pk).update(ended_there=True)
    withdraw_resource(resource, reason=_("来源平台已撤回"))
    return WITHDRAWN


def _as_before(resource: Resource, known: HarvestedResource, prepared: Prepared) -> str:
    """Apply a change without a new version: the resource is restored after a withdrawal, or reclassified."""
    # A class that was changed on this platform stays, until the origin changes the class itself.
    differing = _differing(resource, prepared) if prepared.reclassified else {}
    if not resource.is_withdrawn and not differing:
        return SKIPPED
    if not resource.is_withdrawn:
        _reclass(resource, differing)
        return CHANGED
    for name, code in differing.items():
        setattr(resource, name, code)
    resource.status, resource.status_reason = Resource.Status.IMPORTED, ""
    HarvestedResource.objects.filter(pk=known.pk).update(ended_there=False)
    save_changed(resource, Change.Act.RESTORED)
    follow(ResourceRestored(resource=resource))
    return CHANGED


def _differing(resource: Resource, prepared: Prepared) -> dict[str, str]:
    return {name: code for name, code in prepared.codes.items() if getattr(resource, name) != code}


def _reclass(resource: Resource, codes: dict[str, str]) -> None:
    """Give the resource the classes of its origin, and tell who keeps something by its class."""
    for name, code in codes.items():
        setattr(resource, name, code)
    save_changed(resource, Change.Act.RECLASSIFIED)
    follow(ResourcesReclassified(order=None, resource_ids=(resource.pk,)))


def _import(prepared: Prepared, before: Resource | None, source: HarvestSource, acting_user: User | None) -> str:
    if prepared.package is None:
        # The version was known when the change was prepared; somebody else changed the resource since.
        raise FetchFault(_("资源在采集过程中发生了变化，请再采集一次。"))
    if prepared.reused - reusable_files(source, prepared.reused):
        # The files were withdrawn since they were prepared. Refused, not FetchFault: only this resource is left out.
        raise Refused(_("附件在采集过程中被撤回，这条资源没有采用；请从头再采集一次，由来源重新送达。"))
    version = before.current.number if before else 0
    ended = before is not None and before.is_withdrawn
    resource, taken = import_resource(prepared.package, acting_user=acting_user)
    note_delivered(source, prepared.sent)
    HarvestedResource.objects.update_or_create(
        resource=resource,
        defaults={
            "source": source,
            "version": prepared.document["version"],
            "digest": prepared.document.get("digest", ""),
            "ended_there": False,
        },
    )
    if before is None:
        if differing := _differing(resource, prepared):
            _reclass(resource, differing)
        return NEW
    return CHANGED if taken.number != version or ended else SKIPPED


def _codes(item: dict[str, Any]) -> dict[str, str]:
    """Return the classification as it stands at the origin, where it may have changed without a new version."""
    given = item.get("resource") or {}
    names = {"subject_class": 8, "document_kind": 20, "audience": 100}
    codes = {name: given.get(name) for name in names}
    return {
        name: value
        for name, value in codes.items()
        if isinstance(value, str) and len(value) <= names[name] and value.isprintable()
    }


def _pack(prepared: Prepared, source: HarvestSource, policy: Policy, folder: Path, files: dict[str, Path]) -> None:
    """Write the document and its files as the zip that ``import_resource`` reads, the ``package`` of ``prepared``."""
    document = prepared.document
    wanted = {file["sm3"]: file for file in document.get("files", [])}
    if sum(file["size"] for file in wanted.values()) > LARGEST_TOTAL:
        raise Refused(_("附件总量超过 %(most)s MB，不能采集。") % {"most": LARGEST_TOTAL >> 20})
    prepared.sent = set(wanted) - prepared.reused
    target = folder / f"{document['uuid']}-{document['version']}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("resource.json", json.dumps(document, ensure_ascii=False))
        for sm3, file in wanted.items():
            if sm3 in prepared.reused:
                with open_blob(sm3) as stream, archive.open(f"files/{sm3}", "w", force_zip64=True) as out:
                    while chunk := stream.read(1 << 20):
                        out.write(chunk)
                continue
            if sm3 not in files:
                files[sm3] = _fetch_file(file, source, policy, folder)
            archive.write(files[sm3], f"files/{sm3}")
    prepared.package = target


def _fetch_file(file: dict[str, Any], source: HarvestSource, policy: Policy, folder: Path) -> Path:
    if file["size"] > LARGEST_FILE:
        raise Refused(_("附件“%(name)s”超过 %(most)s MB。") % {"name": file["name"], "most": LARGEST_FILE >> 20})
    target = folder / file["sm3"]
    # The address is made here; none that the other side writes is requested.
    address = f"{source.url}files/{file['sm3']}/{quote(file['name'])}"
    try:
        with target.open("wb") as out:
            fetch(address, most=file["size"], policy=policy, into=out)
    except FetchFault as fault:
        if fault.status in (404, 410):
            # The resource was withdrawn meanwhile: a later change will say so.
            raise Refused(_("附件“%(name)s”在对方平台已不存在。") % {"name": file["name"]}) from fault
        raise
    return target
