"""Jobs of the search: texts of attachments, and a look at what waits."""

from django_tasks import task
from django_tenants.utils import schema_context

from .indexing.files import read_file_text


@task(queue_name="default")
def read_file(sm3: str) -> None:
    """Read the text of an attachment, and write the documents again that have it."""
    with schema_context("public"):
        read_file_text(sm3)
