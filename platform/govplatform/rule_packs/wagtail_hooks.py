"""The screens of rule packs in the admin."""

from typing import Any

from wagtail import hooks

from .urls import urlpatterns


@hooks.register("register_admin_urls")
def rule_pack_urls() -> list[Any]:
    return urlpatterns
