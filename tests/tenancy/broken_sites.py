"""Sites that do not work any more, broken as only the owner of the tables can."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.tenancy.current import forget_search_path
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant


def third_site() -> Tenant:
    """gamma, after alpha and beta in the order in which sites are served."""
    tenant, _seconds = open_site(
        NewSite(
            code="gamma", host="gamma.localhost", console_host="gamma.console.localhost", full_name="丙县人民政府",
            kind="portal", level="county", identity_code="5301310001", parent_code="alpha",
        ),
        acting_user=None,
    )  # fmt: skip
    return tenant


def as_the_owner(*statements: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        # What deferred constraints still have to look at would keep the tables from being changed.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    forget_search_path()


def raise_at_each_change_of_a_page(schema: str, code: str = "P0001") -> None:
    as_the_owner(
        f"CREATE FUNCTION {schema}.test_broken() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'the table is broken' USING ERRCODE = '{code}', DETAIL = 'the whole draft'; END $$",
        f"CREATE TRIGGER zz_broken BEFORE UPDATE ON {schema}.wagtailcore_page"
        f" FOR EACH ROW EXECUTE FUNCTION {schema}.test_broken()",
    )


def repair(schema: str) -> None:
    as_the_owner(f"DROP TRIGGER zz_broken ON {schema}.wagtailcore_page")


#: What happens to a site, and how it is told.
BROKEN = {
    "schema": ("ALTER SCHEMA site_beta RENAME TO gone", "不存在"),
    "table": ("ALTER TABLE site_beta.wagtailcore_revision RENAME TO gone", "wagtailcore_revision"),
    "rights": ("REVOKE ALL ON site_beta.wagtailcore_revision FROM govplatform_app", "permission denied"),
}


@contextmanager
def without_schema(schema: str) -> Iterator[None]:
    as_the_owner(f"ALTER SCHEMA {schema} RENAME TO gone")
    yield
    as_the_owner(f"ALTER SCHEMA gone RENAME TO {schema}")
