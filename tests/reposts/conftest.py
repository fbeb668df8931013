"""alpha is a city's portal, beta one of its counties': alpha is superior to beta."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource
from govplatform.tenancy.queries import get_tenant
from sites.reposts.actions import repost_resource
from sites.reposts.models import RepostPage
from tests import factories


@pytest.fixture
def beta(db: None) -> Any:
    return get_tenant("beta")


@pytest.fixture
def at() -> Callable[[str], Any]:
    """``with at("beta"): ...``"""
    return lambda code: tenant_context(get_tenant(code))


def resource_of(page: Any, site: str = "alpha") -> Resource:
    return Resource.objects.select_related("current", "tenant").get(tenant__code=site, page_id=page.pk)


def live_at(site: str, **fields: Any) -> tuple[Any, Resource]:
    """(page, resource) of an article that ``site`` published."""
    with tenant_context(get_tenant(site)):
        page = factories.live_article(site, **fields)
    return page, resource_of(page, site)


def corrected_at(site: str, page: Any, **changes: Any) -> Resource:
    """The next version of a live page, cleared at its own site."""
    with tenant_context(get_tenant(site)):
        draft = type(page).objects.get(pk=page.pk)
        for name, value in changes.items():
            setattr(draft, name, value)
        draft.save_revision(user=factories.user(f"{site}_editor"))
        factories.publish(type(page).objects.get(pk=page.pk), site)
    return resource_of(page, site)


def reposted_at(site: str, resource: Resource, mode: str = "mirror", column: str = "news", live: bool = True) -> Any:
    """The page on ``site``: a draft, or cleared by its own reviewers and live."""
    with tenant_context(get_tenant(site)):
        made = repost_resource(
            resource, column=factories.column(column), mode=mode, acting_user=factories.user(f"{site}_editor")
        )
        if mode == "copy":
            from wagtail.models import Page

            page = Page.objects.get(pk=made.page_id).specific
        else:
            page = RepostPage.objects.get(pk=made.page_id)
        return factories.publish(page, site) if live else page


def record_of(page: Any, site: str = "beta") -> Repost:
    return Repost.objects.get(tenant__code=site, page_id=page.pk)


def run_jobs() -> int:
    """Run what is queued, as the worker does, until nothing is left. Returns how many."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    from govplatform.tenancy.jobs import run_in_schema

    ran = 0
    while jobs := list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        for job in jobs:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE public.procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            if job.args["task_path"].startswith(("govplatform.consequences", "content_library.distribution")):
                run_in_schema(**job.args)
                ran += 1
    return ran
