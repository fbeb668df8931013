"""The addresses of the API, each named once: ``urls.py`` joins it to its view, ``openapi.py`` describes it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Resource
from ..schema.definition import SM3_PATTERN, UUID_PATTERN
from .parameters import CHANGES_PARAMETERS, LIST_PARAMETERS, Parameter

PREFIX = "/api/library/"
_UUID = {"type": "string", "pattern": UUID_PATTERN}
_TEXT = {"type": "string"}
JSON, ATOM, BYTES = "application/json", "application/atom+xml", "application/octet-stream"


@dataclass(frozen=True)
class Address:
    """One address of the API.

    ``template``: as OpenAPI writes it, below PREFIX; ``route``: the same as a regular expression; ``about``: what it
    gives, in words; ``answer``: name of its shape in ``shapes.py``, or ''; ``fixed``: further arguments of its view;
    ``limit``: which of ``settings.OUTWARD_LIMITS`` holds.
    """

    name: str
    template: str
    route: str
    about: str | Promise
    answer: str = ""
    content_type: str = JSON
    parameters: tuple[Parameter, ...] = ()
    path_parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    limit: str = "read"


_UUID_ROUTE = r"(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_SM3_ROUTE = r"(?P<sm3>[0-9a-f]{64})"
_FEED = r"(?P<value>[A-Za-z0-9_\-]{1,40})\.atom$"

ADDRESSES = (
    Address(
        "outward_list", "", r"^(?:resources/?)?$", _("公开信息列表，新的在前"), "ResourceList",
        parameters=LIST_PARAMETERS,
    ),
    Address(
        "outward_changes", "changes", r"^changes/?$",
        _("某一位置以来的变更，次序固定、没有遗漏；撤回的只有编号、状态和时间"), "ChangeList",
        parameters=CHANGES_PARAMETERS,
    ),
    Address(
        "outward_openapi", "openapi.json", r"^openapi\.json$", _("本说明（OpenAPI 3.1）"), "Object"
    ),
    Address(
        "outward_schema", "schema.json", r"^schema\.json$", _("可导入文件的 JSON Schema"), "Object"
    ),
    Address(
        "outward_document", "{uuid}/document", rf"^(?:resources/)?{_UUID_ROUTE}/document/?$",
        _("一条信息的可导入文件，附件以 SM3 指明"), "Document", path_parameters={"uuid": _UUID},
    ),
    Address(
        "outward_resource", "{uuid}", rf"^(?:resources/)?{_UUID_ROUTE}/?$",
        _("一条信息：元数据、正文、附件、版本"), "WholeResource", path_parameters={"uuid": _UUID},
    ),
    Address(
        "outward_file", "files/{sm3}/{name}", rf"^files/{_SM3_ROUTE}/(?P<name>[^/]{{1,255}})$",
        _("附件或图片的内容"), content_type=BYTES, limit="files",
        path_parameters={"sm3": {"type": "string", "pattern": SM3_PATTERN}, "name": _TEXT},
    ),
    Address(
        "outward_blob", "files/{sm3}", rf"^files/{_SM3_ROUTE}/?$",
        _("附件或图片的内容，不论文件名"), content_type=BYTES, limit="files",
        path_parameters={"sm3": {"type": "string", "pattern": SM3_PATTERN}},
    ),
    Address(
        "outward_feed_all", "feeds/all.atom", r"^feeds/all\.atom$", _("全部信息的 Atom 订阅"),
        content_type=ATOM, fixed={"scope": "all"},
    ),
    Address(
        "outward_feed_kind", "feeds/kind/{value}.atom", rf"^feeds/kind/{_FEED}",
        _("一个类型的 Atom 订阅"), content_type=ATOM, fixed={"scope": "kind"},
        path_parameters={"value": {"enum": list(Resource.Kind.values)}},
    ),
    Address(
        "outward_feed_site", "feeds/site/{value}.atom", rf"^feeds/site/{_FEED}",
        _("一个站点的 Atom 订阅"), content_type=ATOM, fixed={"scope": "site"}, path_parameters={"value": _TEXT},
    ),
    Address(
        "outward_feed_class", "feeds/{value}.atom", rf"^feeds/(?:class/)?{_FEED}",
        _("一个主题分类的 Atom 订阅"), content_type=ATOM, fixed={"scope": "class"}, path_parameters={"value": _TEXT},
    ),
)  # fmt: skip
