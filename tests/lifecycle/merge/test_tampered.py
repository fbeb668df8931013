"""What somebody with the owner's login altered after a merge is found by its proof, whatever it is."""

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.merge.carrying.running import carry
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.tenancy.database_roles import as_owner

from .county import begin, closing, county

pytestmark = pytest.mark.django_db
__all__ = ["closing", "county"]
SPOILED = {
    "publish time": ("page", "UPDATE {d}.wagtailcore_page SET first_published_at = now() WHERE id = {page}"),
    "index number": ("row", "UPDATE {d}.articles_article SET index_number = 'X' WHERE page_ptr_id = {page}"),
    "owner": (
        "row",
        "UPDATE {d}.wagtailcore_page SET owner_id = (SELECT min(id) FROM public.accounts_user) WHERE id = {page}",
    ),
    "version's time": ("row", "UPDATE {d}.wagtailcore_revision SET created_at = now() WHERE object_id = '{page}'"),
    "a decision": ("row", "UPDATE {d}.review_decision SET opinion = '换了' WHERE page_id = {page}"),
    "the ledger": ("address", "DELETE FROM public.addresses_address WHERE tenant_id = {s} AND path = '/news/more/'"),
    "the new address": (
        "address",
        "DELETE FROM public.addresses_address WHERE tenant_id = {t} AND path = '/news/more/'",
    ),
    "a picture's address": (
        "address",
        "UPDATE public.addresses_address SET to_tenant_id = NULL, to_object = NULL, to_kind = ''"
        " WHERE tenant_id = {s} AND kind = 'image'",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_it_is_found(county, what):
    beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    assert find_merge_faults(merge)[1] == []
    with tenant_context(alpha):
        page = Page.objects.get(title="续报").pk
    kind, statement = SPOILED[what]
    with as_owner(), connection.cursor() as cursor:
        table = statement.split("FROM " if statement.startswith("DELETE") else "UPDATE ")[1].split(" ")[0]
        table = table.format(d=alpha.schema_name)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement.format(d=alpha.schema_name, page=page, s=beta.pk, t=alpha.pk))
        assert cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert find_merge_faults(merge)[1], kind
