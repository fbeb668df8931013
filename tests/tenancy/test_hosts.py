"""Known hosts answer at once, unknown ones cost nothing, and a new one is known soon everywhere."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from govplatform.tenancy import hosts
from govplatform.tenancy.models import Domain, Tenant


def new_domain() -> Domain:
    tenant = Tenant.objects.get(code="alpha")
    return Domain(tenant=tenant, domain="new.example", kind=Domain.Kind.PUBLIC, is_primary=False)


def statements(captured: CaptureQueriesContext) -> list[str]:
    """Without the one that names the schema, which the connection sends before the first of a request."""
    return [query["sql"] for query in captured.captured_queries if "search_path" not in query["sql"]]


@pytest.fixture
def clock(monkeypatch):
    """Seconds that a test moves on by itself."""
    now = [1000.0]
    monkeypatch.setattr(hosts.time, "monotonic", lambda: now[0])
    hosts.forget_hosts()
    return now


def test_a_flood_of_unknown_hosts_costs_one_statement_and_no_memory(db, clock):
    with CaptureQueriesContext(connection) as captured:
        assert all(hosts.find_host(f"{number}.unknown.example") is None for number in range(3000))
    assert len(statements(captured)) == 1
    assert not hosts._known
    assert len(hosts.host_names()) == Domain.objects.count()


def test_a_flood_of_requests_for_unknown_hosts_costs_one_statement(db, clock):
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        for number in range(50):
            response = client.get("/", HTTP_HOST=f"{number}.unknown.example")
            assert response.status_code == 400
    assert len(statements(captured)) == 1


def test_a_flood_does_not_slow_down_the_hosts_that_are_known(db, clock):
    assert hosts.find_host("alpha.localhost").tenant.code == "alpha"
    with CaptureQueriesContext(connection) as captured:
        for number in range(100):
            assert hosts.find_host(f"{number}.unknown.example") is None
            assert hosts.find_host("alpha.localhost").kind == hosts.PUBLIC
    assert not statements(captured)


def test_a_host_that_is_registered_here_answers_at_once(db, clock):
    assert hosts.find_host("new.example") is None
    domain = new_domain()
    domain.save()
    assert hosts.find_host("new.example").tenant.code == "alpha"
    domain.delete()
    assert hosts.find_host("new.example") is None


def test_a_host_that_another_process_registers_answers_after_five_seconds(db, clock):
    assert hosts.find_host("new.example") is None
    # sends no signal, as another process sends none to this one
    Domain.objects.bulk_create([new_domain()])
    assert hosts.find_host("new.example") is None
    clock[0] += 5
    assert hosts.find_host("new.example").tenant.code == "alpha"


def test_a_host_that_another_process_removes_is_unknown_after_five_seconds(db, clock):
    Domain.objects.bulk_create([new_domain()])
    assert hosts.find_host("new.example") is not None
    Domain.objects.filter(domain="new.example")._raw_delete("default")
    assert hosts.find_host("new.example") is not None
    clock[0] += 5
    assert hosts.find_host("new.example") is None


def test_who_asks_between_saving_and_committing_does_not_make_the_process_forget_the_new_host(own_database, clock):
    def ask() -> None:
        seen.append(hosts.find_host("new.example"))
        connection.close()

    seen: list[hosts.Host | None] = []
    with transaction.atomic():
        new_domain().save()
        other = threading.Thread(target=ask)
        other.start()
        other.join()
    assert seen == [None]
    assert hosts.find_host("new.example") is not None


def test_a_site_in_words_is_found_by_each_of_its_hosts(db, clock):
    alpha = Tenant.objects.get(code="alpha")
    for name in (alpha.public_host, alpha.console_host):
        assert hosts.find_host(name).tenant == alpha
