"""Roles are part of the code: a site whose groups differ is seen and brought in line."""

from django.contrib.auth.models import Group
from django.db import connection
from django_tenants.utils import tenant_context

from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.fleet import check_fleet, migrate_fleet
from govplatform.tenancy.frame import bring_rights_in_line, schemas_with_other_rights
from govplatform.tenancy.queries import get_tenant


def _spoil(schema: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {schema}.wagtailcore_groupcollectionpermission")
        cursor.execute(f"INSERT INTO {schema}.auth_group (name) VALUES ('rogue')")


def test_a_site_that_differs_is_found_and_brought_in_line(db):
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    schemas = [alpha.schema_name, beta.schema_name]
    assert schemas_with_other_rights(schemas) == []
    _spoil(beta.schema_name)
    assert schemas_with_other_rights(schemas) == [beta.schema_name]
    with as_owner():
        bring_rights_in_line(beta.schema_name)
    assert schemas_with_other_rights(schemas) == []
    with tenant_context(beta):
        assert not Group.objects.filter(name="rogue").exists()


def test_the_fleet_reports_and_mends_it(own_database):
    _spoil("site_beta")
    before = check_fleet()
    assert (before.sites, before.current) == (3, 2)
    assert migrate_fleet().migrated == 1
    assert check_fleet().current == 3
