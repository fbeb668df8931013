"""The pages that people read when Wagtail's screens are refused an act, or the database cannot carry it out."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from govplatform.database_errors import LOST, Fault, describe_fault, fault_of, sqlstate_of
from govplatform.refusals import Refused
from govplatform.tenancy.freezing import words_of
from govplatform.tenancy.hosts import console_only

logger = logging.getLogger("govplatform.console")
REFUSED, UNAVAILABLE = 409, 503
#: SQLSTATE of in_failed_sql_transaction: the refusal came before, and somebody went on after it.
_BROKEN_TRANSACTION = "25P02"


class _RefusalMiddleware:
    """Turns ``Refused`` and failures of the database into a page (or JSON, where a script asked).

    Screens of our own show refusals beside what was typed; this is for those of Wagtail. The request's transaction
    is rolled back by then: nothing of it was done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return _answer(request, exception.reasons, REFUSED)
        if not isinstance(exception, DatabaseError | InterfaceError):
            return None
        tenant = getattr(request, "tenant", None)
        if tenant is not None and tenant.frozen and sqlstate_of(exception) == _BROKEN_TRANSACTION:
            # A screen went on after its write was refused.
            return _answer(request, [words_of(tenant)], REFUSED)
        fault = fault_of(exception)
        if fault is Fault.OTHER:
            # A mistake of ours, not a state of the database: the page for what was unexpected.
            return None
        logger.error("%s: %s", request.path, fault, exc_info=exception)
        return _answer(request, [describe_fault(exception, detail=False)], REFUSED if fault in LOST else UNAVAILABLE)


def _answer(request: HttpRequest, reasons: list[str], status: int) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        told = {"success": False, "error_code": "refused", "error_message": " ".join(reasons)}
        return JsonResponse(told, status=status)
    # Without the request: what templates are told of it is read from the database, which may be what is missing.
    return HttpResponse(render_to_string("console/refused.html", {"reasons": reasons}), status=status)


RefusalMiddleware: Callable[..., Any] = console_only(_RefusalMiddleware)
