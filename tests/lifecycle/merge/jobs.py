"""A job of a site that writes in it."""

from django_tasks import task
from wagtail.models import Page


@task()
def touch_page(page_id: int) -> None:
    Page.objects.filter(pk=page_id).update(title="x")
