"""Turns errors of Wagtail's own screens over wrong parameters into 400 instead of a failure (trap T21)."""

import logging
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import Any

from django.core.exceptions import BadRequest, FieldError, ObjectDoesNotExist
from django.http import HttpRequest
from django.template.response import SimpleTemplateResponse
from django.urls import NoReverseMatch
from modelsearch.backends.base import FieldError as SearchFieldError
from modelsearch.backends.base import FilterError

logger = logging.getLogger("govplatform.requests")

#: What reading a number, a key, an address to go on to or a filter of a search raises in Wagtail.
_STUMBLES = (
    ValueError,
    OverflowError,
    AttributeError,
    NoReverseMatch,
    ObjectDoesNotExist,
    FieldError,
    SearchFieldError,
    FilterError,
)
_LIBRARIES = ("wagtail", "django", "modelsearch", "modelcluster", "taggit", "treebeard", "json")


def reads_anything(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view so that an error which a library raises because of what was sent ends in BadRequest (400).

    An error that our own code raises is passed on.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                # Some fields read their parameters only when they are rendered.
                response.render()
        except _STUMBLES as error:
            if not _is_of_a_library(error.__traceback__):
                raise
            logger.warning("%s: %s", request.path, error, exc_info=error)
            raise BadRequest(str(error)) from error
        return response

    return answer


def _is_of_a_library(trace: TracebackType | None) -> bool:
    place = ""
    while trace is not None:
        place, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return place.partition(".")[0] in _LIBRARIES
