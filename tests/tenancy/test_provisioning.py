"""A new site is there as a whole or not at all."""

import json
import subprocess

import pytest
from django.conf import settings
from django.db import connection

from govplatform.audit.models import Entry
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import as_owner, grant_schema
from govplatform.tenancy.events import SiteProvisioned
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.queries import get_tenant
from tests import database
from tests.sheet import also
from tests.verbs import call_verb

from .conftest import site_words, start_verb, values


def _new(code: str = "gamma", **changes: str | None) -> NewSite:
    given: dict[str, str | None] = {
        "host": f"{code}.localhost",
        "console_host": f"{code}.console.localhost",
        "full_name": "澄州市青川县人民政府",
        "kind": "portal",
        "level": "county",
        **changes,
    }
    return NewSite(code=code, **given)  # type: ignore[arg-type]


def _traces(url: str, code: str) -> list[object]:
    """Whatever of the site can be found."""
    schema = f"site_{code.replace('-', '_')}"
    return [
        *values(url, "SELECT code FROM public.tenancy_tenant WHERE code = %s", code),
        *values(url, "SELECT domain FROM public.tenancy_domain WHERE domain LIKE %s", f"{code}.%"),
        *values(url, "SELECT nspname FROM pg_namespace WHERE nspname = %s", schema),
        *values(url, "SELECT chain FROM public.audit_entry WHERE object_title LIKE %s", f"%{code}%"),
        *values(url, "SELECT chain FROM public.audit_entry WHERE chain = %s", schema),
        *values(url, "SELECT id FROM public.audit_entry WHERE detail->>'code' = %s", code),
    ]


def test_a_failure_at_the_end_leaves_nothing(own_database):
    def fail(tenant: Tenant) -> None:
        assert Tenant.objects.filter(code="gamma").exists()
        raise RuntimeError("the last step fails")

    entries = Entry.objects.count()
    with also(SiteProvisioned, fail), pytest.raises(RuntimeError, match="the last step"):
        open_site(_new(), acting_user=None)
    assert _traces(own_database, "gamma") == []
    assert Entry.objects.count() == entries
    assert find_isolation_faults()[1] == []
    tenant, _seconds = open_site(_new(), acting_user=None)
    assert tenant.schema_name == "site_gamma"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"code": "alpha"}, "alpha"),
        ({"code": "Gamma"}, "Gamma"),
        ({"code": "1st"}, "1st"),
        ({"code": "gamma-"}, "gamma-"),
        ({"code": "ga_mma"}, "ga_mma"),
        ({"code": "ga mma; DROP SCHEMA public"}, "不合规则"),
        ({"code": "../x"}, "../x"),
        ({"code": "g" * 41}, "40"),
        ({"code": ""}, "不能为空"),
        ({"host": "alpha.localhost"}, "alpha.localhost"),
        ({"host": "beta.console.localhost"}, "beta.console.localhost"),
        ({"console_host": "beta.console.localhost"}, "beta.console.localhost"),
        ({"console_host": "alpha.localhost"}, "alpha.localhost"),
        ({"console_host": "gamma.elsewhere.localhost"}, "console.localhost"),
        ({"console_host": "gammaconsole.localhost"}, "console.localhost"),
        ({"host": "gamma.console.localhost"}, "gamma.console.localhost"),
        ({"host": "http://gamma.localhost"}, "http://gamma.localhost"),
        ({"host": "gamma.localhost:8000"}, "gamma.localhost:8000"),
        ({"host": "gam ma.localhost"}, "gam ma.localhost"),
        ({"host": "-gamma.localhost"}, "-gamma.localhost"),
        ({"host": ""}, "域名"),
        ({"console_host": "x y.console.localhost"}, "x y.console.localhost"),
        ({"identity_code": "5301000001"}, "5301000001"),
        ({"identity_code": "530100000"}, "530100000"),
        ({"identity_code": "0301000001"}, "0301000001"),
        ({"identity_code": "abcdefghij"}, "abcdefghij"),
        ({"parent_code": "nowhere"}, "nowhere"),
        ({"parent_code": "console"}, "上级"),
        ({"kind": "console"}, "监管控制台"),
        ({"kind": "palace"}, "palace"),
        ({"level": "galaxy"}, "galaxy"),
        ({"theme": "neon"}, "neon"),
        ({"rule_pack": "none-such"}, "none-such"),
        ({"rule_pack": "../national"}, "../national"),
        ({"full_name": "  "}, "不能为空"),
        ({"full_name": "长" * 101}, "100"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_does_not_fit_is_refused_by_name(db, changes, named):
    from django.core.exceptions import ValidationError

    before = set(Tenant.objects.values_list("code", flat=True)), Domain.objects.count()
    with pytest.raises((Refused, ValidationError)) as refusal:
        open_site(_new(**{"code": "gamma", **changes}), acting_user=None)
    error = refusal.value
    told = "".join(error.reasons if isinstance(error, Refused) else error.messages)
    assert named in told
    assert before == (set(Tenant.objects.values_list("code", flat=True)), Domain.objects.count())


def test_codes_that_would_share_a_schema_are_refused(db):
    open_site(_new("nan-hu"), acting_user=None)
    with pytest.raises(Refused, match="nan-hu"):
        open_site(_new("nan-hu", host="other.localhost", console_host="other.console.localhost"), acting_user=None)


def test_only_an_operator_opens_sites(db, person):
    for username in ("alpha_admin", "alpha_editor", "supervisor"):
        with pytest.raises(Refused, match="运维人员"):
            open_site(_new(), acting_user=person(username))


def test_the_verb_says_what_is_wrong(own_database):
    cases = [
        (site_words("alpha"), 3, "alpha"),
        (site_words("gamma", host="alpha.localhost"), 3, "alpha.localhost"),
        (site_words("Gam_ma"), 3, "Gam_ma"),
        (site_words("gamma", identity_code="12"), 3, "12"),
        (site_words("gamma", identity_code="5301000001"), 3, "5301000001"),
        (site_words("gamma", parent="nowhere"), 3, "nowhere"),
        (site_words("gamma", console_host="gamma.localhost.cn"), 3, "gamma.localhost.cn"),
        (site_words("gamma", kind="palace"), 2, ""),
        (site_words("gamma", level="galaxy"), 2, ""),
        (["create_site", "gamma"], 2, ""),
    ]

    for words, status, named in cases:
        done = call_verb(*words, "--json")
        assert done.returncode == status, words
        if status == 3:
            assert named in "".join(json.loads(done.stdout)["refused"])
        else:
            assert done.stdout == ""
    assert _traces(own_database, "gamma") == []


BEFORE_INIT = [
    ["list_sites"],
    site_words("gamma"),
    ["create_column", "x", "--site", "alpha", "--name", "栏目", "--type", "news"],
    ["grant_role", "somebody", "editor", "--site", "alpha"],
    ["show_page", "--site", "alpha", "--page", "1"],
    ["migrate_fleet", "--check"],
    ["migrate_fleet"],
    ["verify_audit"],
    ["verify_gate"],
    ["check_isolation"],
]


def test_verbs_before_the_platform_is_there_say_so(own_database, empty_database):
    first = start_verb(empty_database, *BEFORE_INIT[0])
    database.use_database(empty_database.rsplit("/", 1)[1].split("?")[0])
    try:
        answers = [call_verb(*words, "--json") for words in BEFORE_INIT]
    finally:
        database.use_database(own_database.rsplit("/", 1)[1].split("?")[0])
    output, errors = first.communicate()
    answers.append(subprocess.CompletedProcess(BEFORE_INIT[0], first.returncode, output, errors))
    for done in answers:
        assert done.returncode == 3, done
        assert "init_platform" in json.loads(done.stdout)["refused"][0], done
    made = "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
    assert values(empty_database, made) == []


@pytest.mark.soak
def test_init_platform_may_be_run_twice_and_at_once(empty_database):
    _initialise_twice(empty_database)
    assert values(empty_database, "SELECT code FROM public.tenancy_tenant") == ["console"]


@pytest.mark.soak
def test_init_platform_may_be_run_again_on_what_runs(own_database):
    _initialise_twice(own_database)
    assert sorted(values(own_database, "SELECT code FROM public.tenancy_tenant")) == ["alpha", "beta", "console"]


def _initialise_twice(url: str) -> None:
    both = [start_verb(url, "init_platform") for _ in range(2)]
    answers = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    versions = {json.loads(output)["version"] for output, _errors in answers}
    assert len(versions) == 1
    check = start_verb(url, "check_isolation")
    assert json.loads(check.communicate()[0])["ok"] is True


def test_eight_sites_at_once(own_database, citizen):
    codes = [f"site{number}" for number in range(8)]
    processes = [start_verb(own_database, *site_words(code)) for code in codes]
    answers = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * 8, answers
    assert {json.loads(output)["schema"] for output, _errors in answers} == {f"site_{code}" for code in codes}
    checked, faults = find_isolation_faults()
    assert (checked, faults) == (11, [])
    for code in codes:
        assert citizen(code).get("/news/").status_code == 200
    from govplatform.audit.chain import find_chain_faults

    assert find_chain_faults()[1] == []


def test_the_same_code_at_the_same_moment_is_given_once(own_database, obstacle):
    obstacle.hold("SELECT pg_advisory_lock(hashtext('site_twin'))")
    both = [
        start_verb(own_database, *site_words("twin", host=host, console_host=console))
        for host, console in (
            ("one.localhost", "one.console.localhost"),
            ("two.localhost", "two.console.localhost"),
        )
    ]
    obstacle.wait_for(2)
    obstacle.release()
    answers = [json.loads(process.communicate()[0]) for process in both]
    assert sorted(process.returncode for process in both) == [0, 3]
    (refused,) = [answer for answer in answers if "refused" in answer]
    assert "twin" in refused["refused"][0]
    assert find_isolation_faults()[1] == []


def test_the_same_host_at_the_same_moment_is_given_once(own_database, obstacle):
    obstacle.hold("LOCK TABLE public.tenancy_domain IN SHARE MODE")
    both = [start_verb(own_database, *site_words(code, host="same.localhost")) for code in ("one", "two")]
    obstacle.wait_for(2)
    obstacle.release()
    answers = [process.communicate() for process in both]
    assert sorted(process.returncode for process in both) == [0, 3], answers
    (refused,) = [json.loads(output) for output, _errors in answers if "refused" in output]
    assert "same.localhost" in refused["refused"][0]
    assert find_isolation_faults()[1] == []


@pytest.mark.parametrize(
    "where",
    [
        "SELECT pg_advisory_lock(hashtext('site_gamma'))",
        "LOCK TABLE public.tenancy_domain IN SHARE MODE",
        "SELECT pg_advisory_lock(hashtext('audit:platform'), 7)",
    ],
    ids=["at the beginning", "after the row", "at the end"],
)
def test_killed_in_the_middle_nothing_is_left_and_the_next_run_is_clean(own_database, obstacle, where):
    obstacle.hold(where)
    process = start_verb(own_database, *site_words("gamma"))
    obstacle.wait_for()
    process.kill()
    process.communicate()
    obstacle.release()
    again = start_verb(own_database, *site_words("gamma"))
    assert json.loads(again.communicate()[0])["code"] == "gamma"
    assert find_isolation_faults()[1] == []
    assert get_tenant("gamma").public_host == "gamma.localhost"
    assert Entry.objects.filter(act="site.open", detail__code="gamma").count() == 1


#: Every right of the application's role on what lies in a schema, and on the schema itself.
RIGHTS = """
SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = to_regnamespace(%(schema)s) AND a.grantee = to_regrole(%(role)s)
UNION ALL
SELECT '', a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a
WHERE n.nspname = %(schema)s AND a.grantee = to_regrole(%(role)s)
"""


def test_a_new_site_comes_with_the_rights_that_a_migrated_one_is_given(db):
    def rights() -> set[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(RIGHTS, {"schema": tenant.schema_name, "role": settings.APP_DATABASE_ROLE})
            return set(cursor.fetchall())

    tenant, _seconds = open_site(_new(), acting_user=None)
    given = rights()
    with as_owner():
        grant_schema(tenant.schema_name)
    assert given == rights()
    assert {("", "USAGE"), ("wagtailcore_page", "INSERT")} <= given
    assert ("review_decision", "INSERT") in given
    assert not {("review_decision", "UPDATE"), ("review_decision", "DELETE")} & given
