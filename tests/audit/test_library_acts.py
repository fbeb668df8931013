"""What Wagtail's admin does stands in the chain as well; so do sign-ins."""

import pytest

from govplatform.audit.models import Entry
from tests.cast import PASSWORD
from tests.factories import draft_article, user


def _acts(chain: str) -> list[str]:
    return list(Entry.objects.filter(chain=chain).order_by("number").values_list("act", flat=True))


def test_signing_in_and_failing_to_is_recorded_without_the_password(alpha, client):
    host = {"host": "alpha.console.localhost"}
    client.post("/admin/login/", {"username": "alpha_editor", "password": "wrong-one"}, headers=host)
    client.post("/admin/login/", {"username": "alpha_editor", "password": PASSWORD}, headers=host)
    failed = Entry.objects.get(chain=alpha.schema_name, act="account.sign_in_failed")
    assert failed.detail == {"username": "alpha_editor", "address": "127.0.0.1"}
    assert (failed.actor_id, failed.actor_name) == (None, "anonymous"), "a stranger is not the shell"
    assert "account.sign_in" in _acts(alpha.schema_name)
    assert not Entry.objects.filter(detail__icontains="wrong-one").exists()


def test_deleting_a_draft_is_recorded_with_its_title_and_the_person(alpha):
    page = draft_article(title="将被删除的草稿")
    page.delete(user=user("alpha_editor"))
    entry = Entry.objects.get(chain=alpha.schema_name, act="console.delete")
    assert entry.object_title == "将被删除的草稿"
    assert entry.actor_id == user("alpha_editor").pk


def test_an_act_that_fails_leaves_no_record(alpha):
    from django.db import transaction

    before = Entry.objects.count()
    with pytest.raises(RuntimeError, match="half-way"), transaction.atomic():
        draft_article().delete(user=user("alpha_editor"))
        raise RuntimeError("half-way")
    assert Entry.objects.count() == before
