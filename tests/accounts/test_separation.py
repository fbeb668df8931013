"""Nobody holds two sides of the separation on one site, whichever way it is tried."""

import threading
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django_tenants.utils import schema_context

from govplatform.accounts.actions import create_user, deactivate_user, grant_role, revoke_role, set_password
from govplatform.accounts.credentials.resets import request_reset
from govplatform.accounts.models import Membership, User
from govplatform.accounts.offers.actions import offer_role
from govplatform.accounts.permissions import has_role
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant

SIDES = {
    "editor": "editing",
    "content-reviewer": "review",
    "confidentiality-reviewer": "review",
    "site-admin": "administration",
    "auditor": "audit",
    "operator": None,
    "supervisor": None,
}
SITE_ROLES = [role for role, side in SIDES.items() if side]
CONSOLE_ROLES = [role for role, side in SIDES.items() if not side]
PAIRS = [pair for pair in product(SITE_ROLES, repeat=2) if pair[0] != pair[1]]
CONFLICTING = [(a, b) for a, b in PAIRS if SIDES[a] != SIDES[b]]
TOGETHER = [(a, b) for a, b in PAIRS if SIDES[a] == SIDES[b]]
GOOD = "Shui-ku-2026"

_RAW = (
    "INSERT INTO public.accounts_membership (user_id, tenant_id, role, granted_at)"
    " SELECT u.id, t.id, %s, now() FROM public.accounts_user u, public.tenancy_tenant t"
    " WHERE u.username = %s AND t.code = %s"
)


def _raw_grant(role: str, username: str, site: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RAW, [role, username, site])


def _roles(username: str) -> list[tuple[str, str]]:
    return sorted(Membership.objects.filter(user__username=username).values_list("tenant__code", "role"))


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.get(username="outsider")


# --- the matrix ---------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "wanted"), CONFLICTING)
def test_two_sides_on_one_site_are_refused_by_the_action(outsider, site, held, wanted):
    grant_role(outsider, held, tenant=site("alpha"), acting_user=None)
    with pytest.raises(Refused, match="须由不同的人担任"):
        grant_role(outsider, wanted, tenant=site("alpha"), acting_user=None)
    assert _roles("outsider") == [("alpha", held)]


@pytest.mark.parametrize(("held", "wanted"), CONFLICTING)
def test_two_sides_on_one_site_are_refused_by_the_database(outsider, held, wanted):
    _raw_grant(held, "outsider", "alpha")
    with pytest.raises(DatabaseError, match="separation of duties"):
        _raw_grant(wanted, "outsider", "alpha")
    assert _roles("outsider") == [("alpha", held)]


@pytest.mark.parametrize(("held", "wanted"), CONFLICTING)
def test_a_membership_cannot_be_rewritten_into_another_side(outsider, site, held, wanted):
    first, second = (role for role in (held, wanted))
    _raw_grant(first, "outsider", "alpha")
    _raw_grant(second, "outsider", "beta")
    with pytest.raises(DatabaseError, match="separation of duties"), transaction.atomic():
        Membership.objects.filter(user=outsider, role=second).update(tenant=site("alpha"))


@pytest.mark.parametrize(("held", "wanted"), TOGETHER)
def test_one_person_may_hold_both_reviews(outsider, site, held, wanted):
    for role in (held, wanted):
        grant_role(outsider, role, tenant=site("alpha"), acting_user=None)
    assert _roles("outsider") == sorted([("alpha", held), ("alpha", wanted)])


@pytest.mark.parametrize(("first", "second"), CONFLICTING)
def test_different_sides_on_different_sites_are_allowed(outsider, site, first, second):
    grant_role(outsider, first, tenant=site("alpha"), acting_user=None)
    grant_role(outsider, second, tenant=site("beta"), acting_user=None)
    assert _roles("outsider") == [("alpha", first), ("beta", second)]


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_roles_of_the_console_are_refused_elsewhere(outsider, site, role):
    with pytest.raises(Refused, match="只能在监管控制台授予"):
        grant_role(outsider, role, tenant=site("alpha"), acting_user=None)
    with pytest.raises(DatabaseError, match="exists in the console only"):
        _raw_grant(role, "outsider", "alpha")
    grant_role(outsider, role, tenant=site("console"), acting_user=None)
    assert _roles("outsider") == [("console", role)]


def test_an_unknown_role_is_refused(outsider, site):
    with pytest.raises(Refused, match="没有“king”这个角色"):
        grant_role(outsider, "king", tenant=site("alpha"), acting_user=None)
    with pytest.raises(IntegrityError, match="membership_known_role"):
        _raw_grant("king", "outsider", "alpha")


def test_the_same_role_twice_changes_nothing(outsider, site):
    first = grant_role(outsider, "editor", tenant=site("alpha"), acting_user=None)
    assert grant_role(outsider, "editor", tenant=site("alpha"), acting_user=None).pk == first.pk


def test_the_verb_refuses_with_the_reason(verb):
    assert verb("grant_role", "outsider", "editor", "--site", "alpha", "--json").returncode == 0
    for role in ("content-reviewer", "site-admin", "operator"):
        done = verb("grant_role", "outsider", role, "--site", "alpha", "--json")
        assert done.returncode == 3, done.stderr
        assert "refused" in done.stdout
    assert verb("grant_role", "outsider", "king", "--site", "alpha", "--json").returncode == 2
    assert verb("grant_role", "nobody", "editor", "--site", "alpha", "--json").returncode == 3
    assert verb("grant_role", "outsider", "editor", "--site", "nowhere", "--json").returncode == 3
    assert _roles("outsider") == [("alpha", "editor")]


def _at_once(acts: list[Callable[[], Any]]) -> list[BaseException | None]:
    answers: list[BaseException | None] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int) -> None:
        try:
            start.wait()
            acts[number]()
        except BaseException as failure:
            answers[number] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_conflicting_grants_at_once_one_wins(own_database):
    user, alpha = User.objects.get(username="outsider"), get_tenant("alpha")
    for _round in range(5):
        answers = _at_once(
            [
                lambda: grant_role(user, "editor", tenant=alpha, acting_user=None),
                lambda: grant_role(user, "content-reviewer", tenant=alpha, acting_user=None),
            ]
        )
        (lost,) = [answer for answer in answers if answer is not None]
        assert isinstance(lost, Refused)
        ((_site, role),) = _roles("outsider")
        revoke_role(user, role, tenant=alpha, acting_user=None)


def test_of_two_conflicting_raw_inserts_at_once_one_wins(own_database):
    for _round in range(5):
        answers = _at_once(
            [
                lambda: _raw_grant("editor", "outsider", "alpha"),
                lambda: _raw_grant("site-admin", "outsider", "alpha"),
            ]
        )
        (lost,) = [answer for answer in answers if answer is not None]
        assert isinstance(lost, DatabaseError)
        assert len(_roles("outsider")) == 1
        Membership.objects.filter(user__username="outsider").delete()


# --- who may hand out ---------------------------------------------------------------------


def test_an_administrator_manages_the_own_site_alone(outsider, person, site):
    admin = person("alpha_admin")
    offer_role(outsider, "editor", tenant=site("alpha"), acting_user=admin)
    for other in ("beta", "console"):
        with pytest.raises(Refused, match="可以管理"):
            offer_role(outsider, "editor", tenant=site(other), acting_user=admin)
    with pytest.raises(Refused, match="可以管理"):
        revoke_role(person("beta_editor"), "editor", tenant=site("beta"), acting_user=admin)


def test_an_administrator_gives_nothing_to_themselves(person, site):
    for role in SITE_ROLES:
        with pytest.raises(Refused, match="不能给自己授予"):
            offer_role(person("alpha_admin"), role, tenant=site("alpha"), acting_user=person("alpha_admin"))


def test_an_operator_gives_nothing_to_themselves(person, site):
    with pytest.raises(Refused, match="不能给自己授予"):
        offer_role(person("operator"), "editor", tenant=site("alpha"), acting_user=person("operator"))
    assert offer_role(person("outsider"), "editor", tenant=site("beta"), acting_user=person("operator"))


@pytest.mark.parametrize("username", ["alpha_editor", "alpha_content", "alpha_auditor", "supervisor", "beta_admin"])
def test_everybody_else_manages_nobody(outsider, person, site, username):
    acting = person(username)
    with pytest.raises(Refused):
        offer_role(outsider, "editor", tenant=site("alpha"), acting_user=acting)
    with pytest.raises(Refused):
        revoke_role(person("alpha_editor2"), "editor", tenant=site("alpha"), acting_user=acting)
    with pytest.raises(Refused):
        set_password(person("alpha_editor2"), GOOD, acting_user=acting)
    with pytest.raises(Refused):
        deactivate_user(person("alpha_editor2"), reason="无", acting_user=acting)


@pytest.mark.parametrize("username", ["alpha_editor", "alpha_content", "alpha_auditor", "supervisor", "outsider"])
def test_only_those_who_manage_people_open_accounts(person, username):
    with pytest.raises(Refused):
        create_user("xinren", full_name="新人", password=None, acting_user=person(username))
    assert create_user("xinren", full_name="新人", password=None, acting_user=person("alpha_admin"))


def test_a_site_administrator_resets_nobody_s_password_and_closes_no_account(person):
    admin, reviewer = person("alpha_admin"), person("alpha_content")
    with pytest.raises(Refused, match="密码只由本人设定"):
        set_password(reviewer, GOOD, acting_user=admin)
    with pytest.raises(Refused, match="运维人员"):
        request_reset(reviewer, what="password", reason="忘记密码。", acting_user=admin)
    with pytest.raises(Refused, match="运维人员"):
        deactivate_user(reviewer, reason="离职", acting_user=admin)
    deactivate_user(reviewer, reason="离职", acting_user=person("operator"))
    assert not person("alpha_content").is_active


# --- past the roles -----------------------------------------------------------------------


def test_nobody_is_superuser(outsider):
    outsider.is_superuser = True
    with pytest.raises(IntegrityError, match="nobody_is_superuser"), transaction.atomic():
        outsider.save()
    with pytest.raises(IntegrityError, match="nobody_is_superuser"), transaction.atomic():
        User.objects.update(is_superuser=True)
    with pytest.raises(IntegrityError, match="nobody_is_superuser"), transaction.atomic():
        User.objects.create_user("root", "根", GOOD, is_superuser=True)


def test_a_group_cannot_be_handed_out_past_the_memberships(alpha, outsider):
    from django.contrib.auth.models import Group, Permission

    group = Group.objects.get(name="editor")
    with pytest.raises(DatabaseError), transaction.atomic():
        outsider.groups.add(group)
    with pytest.raises(DatabaseError), transaction.atomic():
        group.user_set.add(outsider)
    with pytest.raises(DatabaseError), transaction.atomic():
        outsider.user_permissions.add(Permission.objects.first())
    assert not outsider.groups.exists()


def test_the_same_person_is_somebody_else_on_another_site(person):
    user = person("alpha_editor")
    grant_role(user, "auditor", tenant=get_tenant("beta"), acting_user=None)
    found = {}
    for code in ("alpha", "beta", "console"):
        with schema_context(get_tenant(code).schema_name):
            fresh = User.objects.get(pk=user.pk)
            found[code] = (
                sorted(fresh.groups.values_list("name", flat=True)),
                fresh.has_perm("wagtailadmin.access_admin"),
                fresh.has_perm("wagtailcore.publish_page"),
            )
    assert found == {
        "alpha": (["editor"], True, False),
        "beta": (["auditor"], True, False),
        "console": ([], False, False),
    }


def test_a_closed_account_holds_nothing(person, site):
    user, operator = person("alpha_admin"), person("operator")
    deactivate_user(user, reason="离职", acting_user=None)
    deactivate_user(operator, reason="离职", acting_user=None)
    closed, alpha = person("alpha_admin"), site("alpha")
    assert not has_role(closed, "site-admin", alpha)
    with schema_context(alpha.schema_name):
        assert not closed.has_perm("wagtailadmin.access_admin")
        assert closed.get_all_permissions() == set()
    for acting in (closed, person("operator")):
        with pytest.raises(Refused):
            offer_role(person("outsider"), "editor", tenant=alpha, acting_user=acting)
    with pytest.raises(Refused, match="已停用"):
        grant_role(closed, "editor", tenant=site("beta"), acting_user=None)


def test_a_role_that_was_taken_away_is_gone_at_once(person, site):
    user, alpha = person("alpha_editor"), site("alpha")
    assert has_role(user, "editor", alpha)
    revoke_role(user, "editor", tenant=alpha, acting_user=None)
    assert not has_role(user, "editor", alpha)
    with pytest.raises(Refused, match="没有“编辑”角色"):
        revoke_role(user, "editor", tenant=alpha, acting_user=None)
    grant_role(user, "auditor", tenant=alpha, acting_user=None)
    assert has_role(user, "auditor", alpha)
