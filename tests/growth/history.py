"""Years of a large platform, written in a few statements: sites, pushes, recalls, chains."""

from content_library.models import Resource
from govplatform.tenancy.models import Tenant
from tests.factories import user

from .counting import build


def many_sites(count: int, *, known: bool = True) -> None:
    """Rows of sites without schemas: what lies in ``public`` asks for no more. ``known``: the planner is told."""
    build(
        "INSERT INTO tenancy_tenant (schema_name, code, full_name, short_name, kind, level, organiser, undertaker,"
        " responsible_person, contact, icp_number, police_record_number, status, theme, rule_pack, created_at)"
        " SELECT 'site_many' || n, 'many' || n, '第' || n || '县', '', 'portal', 'county', '', '', '', '', '', '',"
        f" 'live', 'county', 'national', now() FROM generate_series(1, {count}) n",
        analyse="tenancy_tenant" if known else "",
    )


def many_pushes(resource: Resource, pushes: int) -> None:
    """Each to every site without a schema, delivered, published in time and long over; and a mirror for each."""
    by = user("alpha_content").pk
    build(
        "INSERT INTO pushes_push (resource_id, selector, total, requested_by_id, requested_at)"
        f" SELECT {resource.pk}, 'level=county', (SELECT count(*) FROM tenancy_tenant WHERE code LIKE 'many%'), {by},"
        f" now() - interval '2 years' + n * interval '1 day' FROM generate_series(1, {pushes}) n",
        "INSERT INTO content_library_repost (resource_id, tenant_id, page_id, mode, state, version, path, created_at,"
        f" published_at, updated_at) SELECT {resource.pk}, t.id, p.id, 'mirror', 'live', 1, '/x/', p.requested_at,"
        " p.requested_at, p.requested_at FROM pushes_push p CROSS JOIN tenancy_tenant t WHERE t.code LIKE 'many%'",
        "INSERT INTO pushes_pushtarget (push_id, tenant_id, state, page_id, due_at, delivered_at, followed_up, reason,"
        " rejection, rejected_by, attempts, done_at, ended_at)"
        " SELECT p.id, t.id, 'delivered', p.id, p.requested_at + interval '1 day', p.requested_at, true, '', '', '', 1,"
        " p.requested_at, p.requested_at FROM pushes_push p CROSS JOIN tenancy_tenant t WHERE t.code LIKE 'many%'",
        analyse="pushes_push, pushes_pushtarget, content_library_repost",
    )


def many_recalls(resource: Resource, recalls: int) -> None:
    """Each confirmed by every site without a schema."""
    build(
        "INSERT INTO pushes_recall (resource_id, reason, requested_at, restored, ended_at, total)"
        f" SELECT {resource.pk}, '测试', now() - n * interval '1 day', false, now(),"
        f" (SELECT count(*) FROM tenancy_tenant WHERE code LIKE 'many%') FROM generate_series(1, {recalls}) n",
        "INSERT INTO pushes_recallreceipt (recall_id, tenant_id, page_id, is_source, state, addresses, still_served,"
        " problem, attempts, next_at, taken_down_at, confirmed_at)"
        " SELECT r.id, t.id, r.id, false, 'confirmed', '[]', '[]', '', 1, now(), now(), now()"
        " FROM pushes_recall r CROSS JOIN tenancy_tenant t WHERE t.code LIKE 'many%'",
        analyse="pushes_recall, pushes_recallreceipt",
    )


def long_chains(length: int) -> None:
    """A chain of that length for each site without a schema. The hashes link, and are those of nothing."""
    build(
        "INSERT INTO audit_entry (chain, number, at, act, actor_name, object_type, object_id, object_title, detail,"
        " previous_hash, hash) SELECT schema_name, n, now(), 'test.act', '', 'wagtailcore.page', (n % 50)::text, '',"
        " '{}', lpad((n - 1)::text, 64, '0'), lpad(n::text, 64, '0')"
        f" FROM tenancy_tenant CROSS JOIN generate_series(1, {length}) n WHERE code LIKE 'many%'",
        past_triggers="public.audit_entry",
        analyse="audit_entry",
    )


def one_of_many(number: int = 1) -> Tenant:
    return Tenant.objects.get(code=f"many{number}")
