"""Wagtail's own screens take parameters as they come; here what they stumble over is a bad request, not a failure."""

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
    """``view``; an error that a library raises over what was sent ends in 400, and nothing of the request stays.

    An error that our own code raises stays what it is.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                # Fields read what they show only now.
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
