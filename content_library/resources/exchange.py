"""A resource as a file: written for other platforms, and read back without trusting it.

One JSON document; files in it as base64, or beside it in a zip when they are large.
"""

import base64
import binascii
import io
import json
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.audit.sm3 import sm3_hex
from govplatform.events.sheet import follow
from govplatform.locks.holding import chain_of_schema, locking
from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.tenancy.models import Tenant
from govplatform.untrusted_files.faults import FileFault
from govplatform.untrusted_files.html import is_too_deep
from govplatform.untrusted_files.zip_limits import Total, ZipLimits, check_names, open_member, open_zip

from ..metadata import Disclosure
from ..models import Change, Resource, ResourceFile, ResourceVersion
from ..schema.checking import faults_of
from ..schema.definition import FORMAT, FORMAT_VERSION, json_schema
from .actions import withdraw_resource
from .blobs import open_blob
from .entering import fill_from, new_resource_id, note_change, prepare, save_changed, write_terms, write_version
from .events import VersionEntered
from .foreign_html import clean_foreign_html
from .permissions import reasons_against_importing
from .plain_text import text_of
from .records import LibraryRecord, RecordFile
from .showing import is_shown

#: Bytes of all files up to which they stand in the document as base64; larger ones lie beside it in a zip.
INLINE_UP_TO = 20 * 1024 * 1024
LARGEST_DOCUMENT = 40 * 1024 * 1024
LARGEST_TOTAL = 500 * 1024 * 1024
_DOCUMENT = "resource.json"


def load_for_export(resources: Sequence[Resource]) -> None:
    """Read at once what ``describe_for_export`` says of ``resources``: so many statements as for one."""
    known = ResourceVersion.objects.defer("html", "text", "link_marks")
    prefetch_related_objects(resources, Prefetch("versions", queryset=known))
    without_body = [one for one in resources if one.current.get_deferred_fields()]
    bodies = ResourceVersion.objects.defer("link_marks").in_bulk([one.current_id for one in without_body])
    for one in without_body:
        one.current = bodies[one.current_id]
    files = ResourceFile.objects.select_related("blob")
    prefetch_related_objects([one.current for one in resources], Prefetch("files", queryset=files))


def describe_for_export(resource: Resource) -> dict[str, Any]:
    """The current version as the schema says, its files without their bytes. Raises Refused when withdrawn."""
    if not is_shown(resource):
        raise Refused(_("“%(title)s”已经撤回，或者它所出自的信息已经撤回，不能导出。") % {"title": resource.title})
    if "versions" not in getattr(resource, "_prefetched_objects_cache", {}):
        load_for_export([resource])
    version = resource.current
    site = resource.tenant
    made: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "uuid": str(resource.uuid),
        "version": version.number,
        "kind": resource.kind,
        "status": resource.status,
        "organisation": resource.get_organisation_display(),
        "platform": resource.platform,
        "updated_at": resource.updated_at.isoformat(),
        "metadata": version.metadata,
        "html": version.html,
        "text": version.text,
        "digest": version.digest,
        "versions": [
            {
                "version": one.number,
                "title": one.title,
                "digest": one.digest,
                "cleared_at": one.cleared_at.isoformat(),
            }
            for one in resource.versions.all()
        ],
        "files": [
            {
                "kind": file.kind,
                "name": file.name,
                "title": file.title,
                "sm3": file.blob_id,
                "size": file.blob.size,
                "content_type": file.content_type,
                "map_number": file.map_number,
            }
            for file in version.files.all()
        ],
    }
    if resource.url:
        made["url"] = resource.url
    if site is not None:
        made["site"] = {"name": site.full_name, "identity_code": site.identity_code or "", "level": site.level}
    for name in ("origin", "interprets"):
        if value := getattr(resource, name):
            made[name] = str(value)
    return made


def export_resource(resource: Resource, out: Path) -> int:
    """Write the resource to ``out``, as JSON or, with large files, as a zip.

    Returns the version number. Raises Refused when it is withdrawn or cannot be written.
    """
    made = describe_for_export(resource)
    sizes = {file["sm3"]: file["size"] for file in made["files"]}
    try:
        if sum(sizes.values()) <= INLINE_UP_TO:
            for file in made["files"]:
                with open_blob(file["sm3"]) as stream:
                    file["base64"] = base64.b64encode(stream.read()).decode()
            out.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
        else:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(_DOCUMENT, json.dumps(made, ensure_ascii=False, indent=1))
                for sm3 in sizes:
                    with open_blob(sm3) as stream, archive.open(f"files/{sm3}", "w") as target:
                        while chunk := stream.read(1 << 20):
                            target.write(chunk)
    except OSError as problem:
        raise Refused(_("无法写入 %(out)s：%(problem)s") % {"out": out, "problem": system_words(problem)}) from problem
    return int(resource.current.number)


def import_resource(
    path: Path, *, acting_user: User | None, tenant: Tenant | None = None
) -> tuple[Resource, ResourceVersion]:
    """Import what another platform exported. It is not public by itself: it can be reposted after review.

    The same version again changes nothing. ``acting_user`` None: the shell; ``tenant`` None: for the platform, not a
    site. Raises Refused with every fault of the file.
    """
    made, content = _read(path)
    record = _record(made, content)
    prepared = prepare(record)
    uuid, number = UUID(made["uuid"]), made["version"]
    # What follows a new version is recorded where this is called.
    with acting(
        acting_user, tenant.schema_name if tenant else PLATFORM_CHAIN, chain_of_schema(), on=tenant, frozen_too=False
    ):
        if reasons := reasons_against_importing(acting_user, tenant):
            raise Refused(reasons)
        resource = locking(Resource.objects.filter(uuid=uuid).select_related("current")).first()
        if resource is not None:
            if resource.current.number == number and made.get("digest", "") == resource.current.digest:
                return resource, resource.current
            if reasons := _reasons_against_next(resource, number, prepared.digest):
                raise Refused(reasons)
            if resource.current.number == number:
                if made["status"] == Resource.Status.WITHDRAWN:
                    withdraw_resource(resource, reason=_("来源平台已撤回"))
                return resource, resource.current
        if made["status"] == Resource.Status.WITHDRAWN:
            raise Refused(_("这条资源在来源平台已经撤回，不能导入。"))
        previous = resource.current if resource else None
        resource_id = resource.pk if resource else new_resource_id()
        moment = datetime.fromisoformat(made.get("updated_at") or made["metadata"]["published_at"])
        version = write_version(resource_id, number, prepared, revision_id=None, clearance_id=None, cleared_at=moment)
        if resource is None:
            resource = Resource(
                pk=resource_id,
                uuid=uuid,
                holder=tenant,
                number=str(made["metadata"].get("index_number", "")),
                published_at=datetime.fromisoformat(made["metadata"]["published_at"]),
            )
        _fill(resource, version, prepared, made)
        if previous is None:
            write_terms(resource, str(made["metadata"].get("document_number", "")))
            resource.save(force_insert=True)
            note_change(resource, Change.Act.IMPORTED, number)
        else:
            save_changed(resource, Change.Act.IMPORTED)
        record_act(
            "library.import",
            acting_user=acting_user,
            obj=resource,
            detail={"uuid": str(uuid), "version": number, "digest": prepared.digest},
            chain=tenant.schema_name if tenant else PLATFORM_CHAIN,
        )
        follow(VersionEntered(resource=resource, version=version, previous=previous))
    return resource, version


def _fill(resource: Resource, version: ResourceVersion, prepared: Any, made: dict[str, Any]) -> None:
    fill_from(resource, version, prepared)
    resource.status, resource.status_reason = Resource.Status.IMPORTED, ""
    resource.platform = made.get("platform") or made.get("site", {}).get("name", "")
    resource.level = made.get("site", {}).get("level", "")
    resource.interprets = UUID(made["interprets"]) if made.get("interprets") else None


def _reasons_against_next(resource: Resource, number: int, digest: str) -> list[str]:
    current = resource.current
    if resource.tenant_id is not None:
        return [_("这条资源出自本平台，只能在来源站点更正，不能从文件导入。")]
    if number < current.number:
        return [
            _("信息资源库里已有更新的第 %(have)s 版，不能再导入第 %(given)s 版。")
            % {"have": current.number, "given": number}
        ]
    if number == current.number and digest != current.digest:
        return [_("第 %(number)s 版已在库中，内容却不相同；版本不可改写，请向来源平台核实。") % {"number": number}]
    return []


def _read(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the document, checked against the schema, and ``{sm3: bytes}`` of its files."""
    try:
        size = path.stat().st_size
        if size > LARGEST_TOTAL:
            raise Refused(_("文件超过 %(most)s MB，不能导入。") % {"most": LARGEST_TOTAL >> 20})
        if zipfile.is_zipfile(path):
            with open_zip(path) as archive:
                return _read_zip(archive)
        if _begins_as_zip(path):
            raise FileFault("broken")
        if size > LARGEST_DOCUMENT:
            raise Refused(_("JSON 文件超过 %(most)s MB；较大的附件请用 zip 格式。") % {"most": LARGEST_DOCUMENT >> 20})
        made = _parse(path.read_bytes())
    except FileFault as fault:
        raise Refused(_("压缩包已损坏，或含有重名、加密的内容，不能导入。")) from fault
    except OSError as problem:
        raise Refused(_("无法读取文件：%(problem)s") % {"problem": system_words(problem)}) from problem
    content = {}
    for file in made.get("files", []):
        try:
            content[file["sm3"]] = base64.b64decode(file.get("base64", ""), validate=True)
        except (binascii.Error, ValueError):
            raise Refused(_("附件“%(name)s”的 base64 编码有误。") % {"name": file["name"]}) from None
    return made, _whole(made, content)


def _begins_as_zip(path: Path) -> bool:
    """Whether it was a ZIP file before its end was lost."""
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _read_zip(archive: zipfile.ZipFile) -> tuple[dict[str, Any], dict[str, bytes]]:
    check_names(archive.infolist())
    if len(archive.infolist()) > 501 or _DOCUMENT not in archive.namelist():
        raise Refused(_("压缩包里须有 resource.json，且最多 500 个附件。"))
    made = _parse(_unpacked(archive, _DOCUMENT, LARGEST_DOCUMENT))
    total, content = 0, {}
    for file in made.get("files", []):
        name = f"files/{file['sm3']}"
        if name not in archive.namelist():
            raise Refused(_("压缩包里缺少附件“%(name)s”。") % {"name": file["name"]})
        if file["sm3"] not in content:
            total += file["size"]
            if total > LARGEST_TOTAL:
                raise Refused(_("附件总量超过 %(most)s MB，不能导入。") % {"most": LARGEST_TOTAL >> 20})
            content[file["sm3"]] = _unpacked(archive, name, file["size"])
    return made, _whole(made, content)


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    # What the archive says about sizes is not believed: reading stops at what is allowed.
    limits = ZipLimits(members=501, total_bytes=LARGEST_TOTAL, member_bytes=most, ratio=1, ratio_from_bytes=most)
    try:
        return open_member(archive, archive.getinfo(name), limits, Total(most)).read_all()
    except FileFault as fault:
        if fault.kind == "bomb":
            raise Refused(_("压缩包里的“%(name)s”比声明的大，不能导入。") % {"name": name}) from fault
        raise


def _parse(data: bytes) -> dict[str, Any]:
    try:
        made = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(_("文件不是有效的 JSON（UTF-8）。")) from None
    if faults := faults_of(made, json_schema()):
        raise Refused(faults)
    return dict(made)


def _no_number(word: str) -> None:
    raise ValueError(word)


def _whole(made: dict[str, Any], content: dict[str, bytes]) -> dict[str, bytes]:
    reasons = []
    for file in made.get("files", []):
        data = content[file["sm3"]]
        if not file["name"].strip(". "):
            reasons.append(_("“%(name)s”不能作文件名。") % {"name": file["name"]})
        if len(data) != file["size"] or sm3_hex(data) != file["sm3"]:
            reasons.append(_("附件“%(name)s”的内容与其 SM3 不符。") % {"name": file["name"]})
    if is_too_deep(made["html"]):
        reasons.append(_("正文的标签嵌套过深，不能导入。"))
    if made["metadata"]["disclosure"] != Disclosure.PROACTIVE:
        reasons.append(_("公开方式不是“主动公开”的信息不能导入。"))
    if reasons:
        raise Refused(reasons)
    return content


def _record(made: dict[str, Any], content: dict[str, bytes]) -> LibraryRecord:
    html = clean_foreign_html(made["html"], set(content))
    values = dict(made["metadata"])
    repostable = bool(values.pop("repostable", True))
    # The address is part of the version: a page is cleared with it, and a later version does not change it.
    if address := made.get("url") or values.get("url"):
        values["url"] = str(address)
    files = [
        RecordFile(
            kind=file["kind"],
            sm3=file["sm3"],
            name=file["name"],
            title=file.get("title", ""),
            content_type=file["content_type"],
            opener=partial(_opened, content[file["sm3"]]),
            map_number=file.get("map_number", ""),
        )
        for file in made.get("files", [])
    ]
    return LibraryRecord(
        kind=made["kind"],
        metadata=values,
        html=html,
        text=text_of(html),
        files=tuple(files),
        repostable=repostable,
        organisation=made.get("organisation") or made.get("site", {}).get("name", ""),
        url=str(values.get("url", "")),
        origin=UUID(made["origin"]) if made.get("origin") else None,
    )


def _opened(data: bytes) -> Any:
    return closing(io.BytesIO(data))
