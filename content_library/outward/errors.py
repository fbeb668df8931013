"""The errors of the API: a code for programs, a sentence for people."""

from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _


class ApiError(Exception):
    """An error answer. ``status``: of HTTP; ``code``: a stable word for programs; ``message``: Chinese, for people.

    ``more``: further members of the answer; ``retry_after`` (seconds) also becomes the header.
    """

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


def not_found() -> ApiError:
    """Return the ApiError (404) for an unknown address or resource, to be raised."""
    return ApiError(404, "not_found", _("没有这个地址或资源。接口说明见 /api/library/openapi.json。"))


def error_response(error: ApiError) -> JsonResponse:
    """Return ``{"error": {"code", "message", ...}}`` with the status of ``error``; caches do not keep it."""
    response = JsonResponse(
        {"error": {"code": error.code, "message": error.message, **error.more}},
        status=error.status,
        json_dumps_params={"ensure_ascii": False},
    )
    response.headers["Cache-Control"] = "no-cache"
    if wait := error.more.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response
