"""The sites and people of the walk, and the names by which its steps speak of things.

Steps never name a row by its number: a step that is left out of a shorter walk would shift all numbers. A page is
called after the step that made it (``s12``), what a job made of it elsewhere after its source (``s12@xiana``).
"""

from collections.abc import Iterable
from random import Random
from typing import Any

from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from tests.cast import PASSWORD

from . import clock, product
from .rights import ROLES, State

CONSOLE = "console"
#: code -> (full name, level, identity code, parent, rule pack)
SITES = {
    "sheng": ("测试省人民政府", "province", "9900000001", None, "national"),
    "shi": ("测试市人民政府", "city", "9901000001", "sheng", "hebei"),
    "xiana": ("甲县人民政府", "county", "9901210001", "shi", "national"),
    "xianb": ("乙县人民政府", "county", "9901220001", "shi", "jiangsu"),
}
#: Of each site: letter in the usernames, role, how many.
STAFF = (
    ("e", "editor", 3),
    ("c", "content-reviewer", 4),
    ("k", "confidentiality-reviewer", 3),
    ("a", "site-admin", 2),
    ("u", "auditor", 1),
)
#: People with more than one hat: editor here and reviewer there, both reviews on one site, a supervisor who reviews.
OTHERS = {
    "op1": (("console", "operator"),),
    "op2": (("console", "operator"),),
    "sup1": (("console", "supervisor"),),
    "sup2": (("console", "supervisor"), ("sheng", "content-reviewer")),
    "x1": (("sheng", "content-reviewer"), ("xiana", "editor")),
    "x2": (
        ("shi", "confidentiality-reviewer"),
        ("xiana", "confidentiality-reviewer"),
        ("xiana", "content-reviewer"),
    ),
    "x3": (("sheng", "editor"), ("shi", "editor")),
    "x4": (
        ("xianb", "content-reviewer"),
        ("xianb", "confidentiality-reviewer"),
        ("sheng", "content-reviewer"),
    ),
    "x5": (
        ("shi", "content-reviewer"),
        ("xiana", "content-reviewer"),
        ("xianb", "editor"),
        ("sheng", "site-admin"),
    ),
    "nobody": (),
}
#: Content types that are read by citizens as pages of their own.
CONTENT = ("article", "policydocument", "interpretation", "topicpage", "repostpage")
#: Addresses of one kind that are asked for at one look.
MOST_ASKED = 80
Row = tuple[Any, ...]


def build(*, begins: Any = clock.BEGINNING) -> None:
    """Open the sites and accounts in the current database, through the product's own actions. ``begins``: its clock."""
    with product.as_owner():
        clock.install(begins=begins)
    with clock.Clock().ticking():
        for code, (name, level, identity, parent, pack) in SITES.items():
            site = product.NewSite(
                code=code,
                host=f"{code}.localhost",
                console_host=f"{code}.console.localhost",
                full_name=name,
                kind="portal",
                level=level,
                identity_code=identity,
                parent_code=parent,
                rule_pack=pack,
            )
            product.open_site(site, acting_user=None)
        staff = {
            f"{code}_{letter}{number}": ((code, role),)
            for code in SITES
            for letter, role, many in STAFF
            for number in range(1, many + 1)
        }
        tenants = {tenant.code: tenant for tenant in product.Tenant.objects.all()}
        for username, roles in {**staff, **OTHERS}.items():
            user = product.create_user(username, full_name=username, password=PASSWORD, acting_user=None)
            for code, role in roles:
                product.grant_role(user, role, tenant=tenants[code], acting_user=None)


class World:
    """Reads the database as it is; keeps nothing but names.

    ``made``: name -> (site code, page id) of pages, or (kind, id) of other things that steps made.
    """

    def __init__(self) -> None:
        tenants = product.Tenant.objects.prefetch_related("domains")
        self.sites = {tenant.code: tenant for tenant in tenants if tenant.code in SITES}
        self.console = next(tenant for tenant in tenants if tenant.is_console)
        self.clock = clock.Clock()
        self.made: dict[str, tuple[str, int]] = {}
        self.step = 0
        self.memory: dict[Any, Any] = {}
        self._client = Client(raise_request_exception=True)

    # --- the database -------------------------------------------------------------------

    def sql(self, query: str, values: Any = ()) -> list[Row]:
        """Rows of a statement. ``{CODE}`` is not replaced: name schemas through ``schema``."""
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def schema(self, site: str) -> str:
        return str(self.tenant(site).schema_name)

    def tenant(self, site: str) -> Any:
        return self.sites.get(site, self.console)

    def inside(self, site: str | None) -> Any:
        """Context manager: the schema of a site, or ``public``."""
        return tenant_context(self.tenant(site)) if site else schema_context("public")

    def get(self, site: str, path: str) -> Any:
        """What a citizen gets at ``path`` of a site."""
        with schema_context("public"):
            return self._client.get(path, HTTP_HOST=f"{site}.localhost")

    def sample(self, things: dict[str, Any]) -> list[tuple[str, Any]]:
        """All of them while they are few; else the newest and some of the others, other ones at each look."""
        found = list(things.items())
        if len(found) <= MOST_ASKED:
            return found
        older = Random(self.step).sample(found[: -MOST_ASKED // 2], MOST_ASKED // 2)
        return [*older, *found[-MOST_ASKED // 2 :]]

    # --- people -----------------------------------------------------------------------------

    def user(self, username: str) -> Any:
        return product.User.objects.get(username=username)

    def roles(self, username: str, site: str) -> frozenset[str]:
        """Codes of the roles that count for acts on ``site``: those held there, and those of the console."""
        rows = self.sql(
            "SELECT m.role FROM public.accounts_membership m JOIN public.accounts_user u ON u.id = m.user_id"
            " JOIN public.tenancy_tenant t ON t.id = m.tenant_id"
            " WHERE u.username = %s AND u.is_active"
            " AND (t.code = %s OR (t.kind = 'console' AND m.role IN ('operator', 'supervisor')))",
            [username, site],
        )
        return frozenset(role for (role,) in rows)

    def holders(self, site: str, role: str) -> list[str]:
        """Usernames of the active people with that role, in order."""
        rows = self.sql(
            "SELECT u.username FROM public.accounts_membership m JOIN public.accounts_user u ON u.id = m.user_id"
            " JOIN public.tenancy_tenant t ON t.id = m.tenant_id"
            " WHERE t.code = %s AND m.role = %s AND u.is_active ORDER BY 1",
            [site, role],
        )
        return [name for (name,) in rows]

    def everybody(self, *, active: bool = False) -> list[str]:
        """Usernames of the walk's people."""
        rows = self.sql(
            "SELECT username, is_active FROM public.accounts_user"
            r" WHERE username ~ '^(sheng|shi|xiana|xianb)_|^(op|sup|x)\d$|^nobody$' ORDER BY 1"
        )
        return [name for name, is_active in rows if is_active or not active]

    def somebody(self, rng: Random, site: str, *roles: str, rightly: float = 0.8) -> str:
        """A username: mostly one who holds one of ``roles`` on ``site``, else anybody."""
        if rng.random() < rightly and (held := [name for role in roles for name in self.holders(site, role)]):
            return rng.choice(held)
        return rng.choice(self.everybody(active=True))

    # --- sites and pages ------------------------------------------------------------------

    def some_site(self, rng: Random, weights: Iterable[float] = (4, 2, 3, 3)) -> str:
        return rng.choices(list(SITES), list(weights))[0]

    def pages(self, site: str, where: str = "true") -> list[int]:
        """Ids of content pages of ``site``; ``where``: a condition on ``wagtailcore_page p``."""
        rows = self.sql(
            f"SELECT p.id FROM {self.schema(site)}.wagtailcore_page p"
            f" JOIN {self.schema(site)}.django_content_type c ON c.id = p.content_type_id"
            f" WHERE c.model = ANY(%s) AND {where} ORDER BY p.id",
            [list(CONTENT)],
        )
        return [number for (number,) in rows]

    def in_review(self, site: str) -> list[int]:
        rows = self.sql(
            f"SELECT object_id::bigint FROM {self.schema(site)}.wagtailcore_workflowstate"
            " WHERE status = 'in_progress' ORDER BY 1"
        )
        return [number for (number,) in rows]

    def some_page(self, rng: Random, site: str, where: str = "true") -> str | None:
        """Name of a content page of ``site``; those of late more often."""
        return self._named_one(rng, site, self.pages(site, where))

    def some_page_in_review(self, rng: Random, site: str) -> str | None:
        return self._named_one(rng, site, self.in_review(site))

    def _named_one(self, rng: Random, site: str, numbers: list[int]) -> str | None:
        if not numbers:
            return None
        late = numbers[-6:]
        return self.name_of(site, rng.choice(late if rng.random() < 0.5 else numbers))

    def columns(self, site: str) -> list[str]:
        """Slugs of the live columns below the home page, in order."""
        rows = self.sql(
            f"SELECT p.slug FROM {self.schema(site)}.wagtailcore_page p"
            f" JOIN {self.schema(site)}.columns_column c ON c.page_ptr_id = p.id WHERE p.live ORDER BY p.path"
        )
        return [slug for (slug,) in rows]

    def state(self, page: str) -> State:
        """In which state of the table of rights a page is."""
        site, number = self.page(page)
        s = self.schema(site)
        found = self.sql(
            f"SELECT p.live, p.live_revision_id = p.latest_revision_id, p.first_published_at IS NOT NULL,"
            f" EXISTS (SELECT 1 FROM {s}.wagtailcore_workflowstate w"
            f"   WHERE w.object_id = p.id::text AND w.status = 'in_progress'),"
            f" EXISTS (SELECT 1 FROM {s}.wagtailcore_revision r JOIN {s}.review_clearance c ON c.revision_id = r.id"
            f"   WHERE c.page_id = p.id AND c.status = 'valid' AND r.approved_go_live_at IS NOT NULL)"
            f" FROM {s}.wagtailcore_page p WHERE p.id = %s",
            [number],
        )
        if not found:
            raise KeyError(page)
        live, is_newest, ever, reviewed, waits = found[0]
        if live:
            if reviewed:
                return State.LIVE_REVIEW
            if waits:
                return State.LIVE_APPROVED
            return State.LIVE if is_newest else State.LIVE_DRAFT
        if reviewed:
            return State.REVIEW
        if waits:
            return State.APPROVED
        return State.DOWN if ever else State.DRAFT

    # --- names ------------------------------------------------------------------------------

    def call(self, name: str, where: str, number: int) -> None:
        """From now on ``name`` is that page of a site, or that row of a kind of things."""
        self.made[name] = (where, number)

    def page(self, name: str) -> tuple[str, int]:
        """(site code, page id). Raises KeyError for a page that was never made (here)."""
        if name in self.made:
            return self.made[name]
        source, _at, site = name.partition("@")
        if source.startswith("#"):
            return site, int(source[1:])
        site, _slash, place = site.partition("/")
        found = self._made_by_jobs(source, site)
        if len(found) <= int(place or 0):
            raise KeyError(name)
        return site, found[int(place or 0)]

    def page_id(self, name: str) -> int:
        return self.page(name)[1]

    def name_of(self, site: str, number: int) -> str:
        """The name by which steps speak of a page."""
        for name, thing in self.made.items():
            if thing == (site, number):
                return name
        rows = self.sql(
            "SELECT t.code, x.page_id FROM public.content_library_repost r"
            " JOIN public.content_library_resource x ON x.id = r.resource_id"
            " JOIN public.tenancy_tenant t ON t.id = x.tenant_id WHERE r.tenant_id = %s AND r.page_id = %s",
            [self.tenant(site).pk, number],
        )
        if not rows or rows[0] == (site, number) or rows[0][0] not in SITES:
            # Made by another process: a walk of several cannot be repeated anyway.
            return f"#{number}@{site}"
        source = self.name_of(*rows[0])
        if source.startswith("#"):
            return f"#{number}@{site}"
        place = self._made_by_jobs(source, site).index(number)
        return f"{source}@{site}" + (f"/{place}" if place else "")

    def _made_by_jobs(self, source: str, site: str) -> list[int]:
        at, number = self.page(source)
        rows = self.sql(
            "SELECT r.page_id FROM public.content_library_repost r"
            " JOIN public.content_library_resource x ON x.id = r.resource_id"
            " WHERE r.tenant_id = %s AND x.tenant_id = %s AND x.page_id = %s ORDER BY r.page_id",
            [self.tenant(site).pk, self.tenant(at).pk, number],
        )
        named = {page for where, page in self.made.values() if where == site}
        return [page for (page,) in rows if page not in named]

    def thing(self, name: str) -> int:
        """Id of something else than a page that step ``name`` made."""
        return self.made[name][1]

    def things(self, kind: str) -> list[str]:
        """Names of all things of a kind, oldest first."""
        return [name for name, (where, _number) in self.made.items() if where == kind]

    def resources(self, where: str = "true") -> list[str]:
        """Names of the source pages of the walk's resources, newest last; ``where``: on resource x."""
        rows = self.sql(
            "SELECT t.code, x.page_id FROM public.content_library_resource x"
            f" JOIN public.tenancy_tenant t ON t.id = x.tenant_id WHERE t.code = ANY(%s) AND {where} ORDER BY x.id",
            [list(SITES)],
        )
        return [self.name_of(*row) for row in rows]

    def resource(self, page: str) -> Any:
        """The library's resource of a page. Raises KeyError when there is none."""
        site, number = self.page(page)
        found = product.Resource.objects.filter(tenant=self.tenant(site), page_id=number).first()
        if found is None:
            raise KeyError(page)
        return found

    def resource_row(self, page: str) -> dict[str, Any]:
        """What counts of the resource that a page shows or is: of a repost or a copy, its source.

        ``{"status", "repostable", "disclosure", "version", "id", "origin_site"}``.
        """
        site, number = self.copied_from(page) or self.page(page)
        rows = self.sql(
            "SELECT x.status, x.repostable, x.disclosure, v.number, x.id, t.code, x.page_id"
            " FROM public.content_library_resource x JOIN public.content_library_resourceversion v"
            " ON v.id = x.current_id LEFT JOIN public.tenancy_tenant t ON t.id = x.tenant_id WHERE x.id = coalesce("
            "(SELECT r.resource_id FROM public.content_library_repost r WHERE r.tenant_id = %s AND r.page_id = %s),"
            "(SELECT y.id FROM public.content_library_resource y WHERE y.tenant_id = %s AND y.page_id = %s))",
            [self.tenant(site).pk, number] * 2,
        )
        if not rows:
            raise KeyError(page)
        names = ("status", "repostable", "disclosure", "version", "id", "origin_site", "origin_page")
        return dict(zip(names, rows[0], strict=True))

    def repost_row(self, page: str) -> dict[str, Any] | None:
        """The library's record of a repost, or None for a page that is none: ``{"mode", "state", "resource"}``."""
        return self._repost_row(*self.page(page))

    def copied_from(self, page: str) -> tuple[str, int] | None:
        """The copy of a resource whose words were copied once more onto this page; None for every other page."""
        site, number = self.page(page)
        copied = self.memory.get("copied", {})
        start = number
        while (site, number) in copied:
            number = copied[site, number]
        row = self._repost_row(site, number) if number != start else None
        return (site, number) if row is not None and row["mode"] == "copy" else None

    def _repost_row(self, site: str, number: int) -> dict[str, Any] | None:
        rows = self.sql(
            "SELECT mode, state, resource_id, version, id FROM public.content_library_repost"
            " WHERE tenant_id = %s AND page_id = %s",
            [self.tenant(site).pk, number],
        )
        return dict(zip(("mode", "state", "resource", "version", "id"), rows[0], strict=True)) if rows else None


assert {role for _letter, role, _many in STAFF} <= set(ROLES)
