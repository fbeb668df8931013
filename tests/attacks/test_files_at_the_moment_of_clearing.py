"""Between the look at a file and the clearance that names it, nobody changes it."""

import psycopg
import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from tests.factories import approve, document, draft_article, submit


def test_nobody_changes_a_file_while_its_page_is_being_cleared(own_database):
    """Who clears holds the rows of its files: whoever comes in between waits, and then finds the clearance."""
    schema = get_tenant("alpha").schema_name
    with tenant_context(get_tenant("alpha")):
        paper = document()
        page = draft_article(body=[{"type": "attachment", "value": {"document": paper.pk, "title": "附表"}}])
        submit(page)
        approve(page, "alpha_content")
        with psycopg.connect(own_database) as other:
            with transaction.atomic():
                approve(page, "alpha_secret")
                other.execute("SET lock_timeout = '200ms'")
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    other.execute(f'UPDATE "{schema}".media_sitedocument SET title = %s', ["没有审过的话"])
                other.rollback()
            with pytest.raises(psycopg.Error, match="gate"):
                other.execute(f'UPDATE "{schema}".media_sitedocument SET title = %s', ["没有审过的话"])
    connection.close()
