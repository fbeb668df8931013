"""The check at start-up that every page type offers what the layers below ask of it."""

import inspect
from collections.abc import Callable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Model
from wagtail.models import Page, get_page_models

from .reviewed_page import ReviewedPage


def check_reviewed_pages(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Return an error for each content page type that lacks something ``ReviewedPage`` lists."""
    return page_errors(content_page_types(), ReviewedPage, "review.E001")


def content_page_types() -> list[type[Model]]:
    """Return the page types that hold content: neither Wagtail's own nor those of a site's frame."""
    return [m for m in get_page_models() if m is not Page and not getattr(m, "is_structural", False)]


def page_errors(models: list[type[Model]], protocol: type, code: str) -> list[CheckMessage]:
    """Return an error for each thing that one of ``models`` lacks or that cannot be called as ``protocol`` says."""
    return [
        Error(
            f"{model.__module__}.{model.__name__}.{fault}",
            hint=f"{protocol.__module__}.{protocol.__name__} says what it is for.",
            obj=model,
            id=code,
        )
        for model in models
        for fault in faults_of_type(model, protocol)
    ]


def faults_of_type(model: type, protocol: type) -> list[str]:
    """Return what ``model`` lacks of ``protocol``, each beginning with the name: attributes, methods, parameters."""
    faults = [f"{name} is missing" for name in _attributes(protocol) if not hasattr(model, name)]
    for name, asked in _methods(protocol).items():
        offered = getattr(model, name, None)
        if offered is None:
            faults.append(f"{name}() is missing")
        elif not callable(offered):
            faults.append(f"{name} is no method")
        elif fault := _misfit(offered, asked):
            faults.append(f"{name}() {fault}")
    return faults


def _methods(protocol: type) -> dict[str, Callable[..., Any]]:
    return {name: value for name, value in vars(protocol).items() if inspect.isfunction(value) and name[0] != "_"}


def _attributes(protocol: type) -> list[str]:
    return [name for name in vars(protocol).get("__annotations__", {}) if name[0] != "_"]


def _misfit(offered: Callable[..., Any], asked: Callable[..., Any]) -> str:
    """Say why ``offered`` cannot be called as ``asked`` is, by position and by name; '' when it can."""
    signature, wanted = inspect.signature(offered), inspect.signature(asked)
    names = list(wanted.parameters)
    for args, kwargs in ((names, {}), (names[:1], dict.fromkeys(names[1:]))):
        try:
            signature.bind(*args, **kwargs)
        except TypeError as problem:
            return f"is to take ({', '.join(names)}) and takes {signature}: {problem}"
    return ""
