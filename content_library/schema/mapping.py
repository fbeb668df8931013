"""The names of the library's fields elsewhere: DCAT (JSON-LD) and the national core metadata."""

from typing import Any

from ..models import Resource, ResourceFile
from ..vocabularies.words import value_in_words

#: Field -> property of DCAT, Dublin Core terms, schema.org.
DCAT: dict[str, str] = {
    "index_number": "dct:identifier",
    "title": "dct:title",
    "summary": "dct:description",
    "keywords": "dcat:keyword",
    "subject_class": "dcat:theme",
    "issued_by": "dct:creator",
    "source": "dct:source",
    "author": "schema:author",
    "issued_on": "dct:created",
    "published_at": "dct:issued",
    "document_kind": "dct:type",
    "document_number": "schema:legislationIdentifier",
    "audience": "dct:audience",
    "validity": "schema:legislationLegalForce",
    "disclosure": "dct:accessRights",
    "url": "dcat:landingPage",
}
#: Field -> element of the core metadata of government information resources (GB/T 21063.3).
NATIONAL: dict[str, str] = {
    "title": "信息资源名称",
    "published_at": "信息资源发布日期",
    "summary": "信息资源摘要",
    "issued_by": "信息资源负责方",
    "keywords": "关键字说明",
    "subject_class": "信息资源分类",
    "url": "在线资源链接地址",
    "index_number": "信息资源标识符",
    "disclosure": "信息资源安全限制分级",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "adms": "http://www.w3.org/ns/adms#",
    "spdx": "http://spdx.org/rdf/terms#",
}


def as_dcat(resource: Resource, *, file_url: Any = None) -> dict[str, Any]:
    """Describe the current version as a ``dcat:CatalogRecord``-like dataset in JSON-LD.

    ``file_url``: ``(ResourceFile) -> address``; without it files are named by their SM3 alone.
    """
    values = resource.current.metadata
    made: dict[str, Any] = {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{resource.uuid}",
        "@type": "dcat:Dataset",
        "dct:publisher": resource.get_organisation_display(),
        "dct:modified": resource.updated_at.isoformat(),
        "dcat:version": str(resource.current.number),
        "adms:status": resource.status,
        "dct:language": "zh",
    }
    for code, name in DCAT.items():
        value = values.get(code)
        if value in (None, ""):
            continue
        if code == "keywords":
            value = str(value).split()
        made[name] = value_in_words(code, value)
    if resource.interprets:
        made["dct:references"] = f"urn:uuid:{resource.interprets}"
    files = resource.current.files.exclude(kind=ResourceFile.Kind.RENDITION).select_related("blob")
    made["dcat:distribution"] = [
        {
            "@type": "dcat:Distribution",
            "dct:title": file.title or file.name,
            "dcat:mediaType": file.content_type,
            "dcat:byteSize": file.blob.size,
            "spdx:checksum": {"spdx:algorithm": "SM3", "spdx:checksumValue": file.blob_id},
            **({"dcat:downloadURL": file_url(file)} if file_url else {}),
        }
        for file in files
    ]
    return made


def as_national(resource: Resource) -> dict[str, Any]:
    """Describe the current version by the names of the national core metadata; empty ones are left out."""
    values = resource.current.metadata
    named = {
        name: value_in_words(code, values[code])
        for code, name in NATIONAL.items()
        if values.get(code) not in (None, "")
    }
    named.setdefault("信息资源负责方", resource.get_organisation_display())
    named["元数据标识符"] = str(resource.uuid)
    named["元数据更新日期"] = resource.updated_at.date().isoformat()
    return named
