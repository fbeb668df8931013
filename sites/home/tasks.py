"""The job that enters a new site's first pages in the search of the console."""

from django_tasks import task
from modelsearch import index
from wagtail.models import Page


@task()
def index_frame() -> None:
    """Enter the current site's home page and columns in the console's search, which finds pages by their titles."""
    for page in Page.objects.filter(depth__gt=1).specific():
        if page.is_structural:
            index.insert_or_update_object(page)
