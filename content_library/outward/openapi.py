"""The OpenAPI 3.1 document, made from the addresses, parameters and shapes that answer."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .addresses import ADDRESSES, JSON, PREFIX, Address
from .shapes import answer_shapes

VERSION = "1.0"


def openapi_document() -> dict[str, Any]:
    """Return the valid OpenAPI 3.1 document; it is the same on every host."""
    return describe_api(
        _("%(platform)s 信息资源库开放接口") % {"platform": settings.WAGTAIL_SITE_NAME},
        _(
            "只读，不需要登录。只提供主动公开、仍然有效发布的信息；撤回的信息在变更中只留编号、状态和时间。"
            "每分钟请求次数有限，超出时答复 429 并在 Retry-After 中说明等待秒数。"
        ),
        PREFIX,
        ADDRESSES,
        answer_shapes(),
    )


def describe_api(
    title: str, about: str, prefix: str, addresses: Iterable[Address], shapes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the OpenAPI document of the addresses below ``prefix``. ``shapes``: of answers, ``Error`` among them."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": about},
        "servers": [{"url": "/"}],
        "paths": {prefix + address.template: {"get": _operation(address)} for address in addresses},
        "components": {
            "schemas": dict(shapes),
            "responses": {
                "Error": {
                    "description": _("出错：code 供程序判断，message 供人阅读"),
                    "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
                }
            },
        },
    }


def _spoken(schema: dict[str, Any]) -> dict[str, Any]:
    # Texts of a schema are lazy; they are translated when the document is asked for.
    return {key: str(value) if isinstance(value, Promise) else value for key, value in schema.items()}


def _operation(address: Address) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in address.path_parameters.items()
    ]
    in_query = [
        {
            "name": one.name,
            "in": "query",
            "required": False,
            "description": str(one.about),
            "schema": _spoken(one.schema),
        }
        for one in address.parameters
    ]
    answer = {"$ref": f"#/components/schemas/{address.answer}"} if address.answer else {"type": "string"}
    made: dict[str, Any] = {
        "operationId": address.name,
        "summary": str(address.about),
        "responses": {
            "200": {
                "description": _("成功"),
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {address.content_type: {"schema": answer}},
            },
            "304": {"description": _("自 If-None-Match 所指的答复以来没有变化")},
            **{code: {"$ref": "#/components/responses/Error"} for code in ("400", "404", "410", "429", "503")},
        },
    }
    if in_path or in_query:
        made["parameters"] = [*in_path, *in_query]
    return made
