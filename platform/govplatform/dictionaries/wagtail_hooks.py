"""The dictionary's screens in the admin."""

from typing import Any

from wagtail import hooks

from .urls import urlpatterns


@hooks.register("register_admin_urls")
def dictionary_urls() -> list[Any]:
    return urlpatterns
