"""The screen of the numbers of requests in the admin; one comes there from 来信办理."""

from typing import Any

from wagtail import hooks

from .urls import urlpatterns


@hooks.register("register_admin_urls")
def request_statistics_urls() -> list[Any]:
    return urlpatterns
