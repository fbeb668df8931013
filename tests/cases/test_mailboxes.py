"""领导信箱: a column of its own, a chosen leader, the same desk and clock, an own list."""

import pytest
from django_tenants.utils import tenant_context

from govplatform.cases.models import Case, LetterToLeader
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.columns.models import Column
from sites.interaction.answering import column_of_answers
from sites.offices.models import Leader
from tests import factories

from .conftest import TEXT, as_form, form_of, send_in
from .test_life import cleared, handed_in
from .test_verbs import say

__all__ = ["say"]
WRITE, LETTERS = "/interaction/write/", "/interaction/letters/"


@pytest.fixture
def leader(desk):
    """A leader of alpha with a public page, and the column of the mailbox."""
    with tenant_context(desk):
        create_column("people", title="领导之窗", column_type="leaders", acting_user=None)
        create_column("mailbox", title="领导信箱", column_type="complaints", list_template="mailbox", acting_user=None)
        facts = {"post": "市人民政府市长", "duties": "<p>全面工作</p>", "biography": "<p>简历</p>", "source": "办公室"}
        return factories.publish(factories.draft_page(Leader, "people", "alpha_editor", title="某市长", **facts))


def test_written_to_a_leader_and_answered_like_any(leader, citizen, console):
    client = citizen("alpha")
    column = client.get("/mailbox/").content.decode()
    assert f'href="{WRITE}?to={leader.pk}"' in column and "给某市长写信" in column
    form = client.get(f"{WRITE}?to={leader.pk}")
    assert "市人民政府市长 某市长" in form.content.decode()
    fields = {**form_of(form), "to": str(leader.pk), "kind": "suggestion", "title": "路灯", "text": TEXT}
    assert client.post(WRITE, **as_form(fields)).status_code == 200
    case = Case.objects.get()
    assert str(case.to_leader) == "市人民政府市长 某市长" and case.desk.code == "alpha" and case.accept_due
    clerk = console("alpha_clerk", "alpha")
    send_in(title="别的信")
    listed = clerk.get("/admin/cases/?mailbox=1").content.decode()
    assert case.number in listed and "别的信" not in listed
    assert "市人民政府市长 某市长" in clerk.get(f"/admin/cases/{case.pk}/").content.decode()


def test_who_is_no_leader_here_is_told_and_nothing_is_lost(leader, citizen):
    client = citizen("alpha")
    home = "1"
    for wrong in (home, "9" * 9, "x", "-1", "9" * 99):
        fields = {**form_of(client.get(WRITE)), "to": wrong, "kind": "help", "title": "路灯", "text": TEXT}
        refused = client.post(WRITE, **as_form(fields))
        assert refused.status_code == 422 and TEXT in refused.content.decode(), wrong
    assert not Case.objects.exists()


def test_a_mailbox_has_its_own_list_and_holds_no_answers_itself(leader, citizen):
    with tenant_context(get_tenant("alpha")):
        assert column_of_answers().slug == "letters"
        assert Column.objects.get(slug="mailbox").list_template == "mailbox"
    for title in ("写给网站的信", "写给市长的信"):
        case, page = handed_in(title=title)
        cleared(page)
    LetterToLeader.objects.create(case=case, page=leader.pk, name="某市长")
    client = citizen("alpha")
    for asked in ("all", str(leader.pk)):
        html = client.get(f"{LETTERS}?mailbox={asked}").content.decode()
        assert "写给市长的信" in html and "写给网站的信" not in html
    column = client.get("/mailbox/").content.decode()
    assert "写给市长的信" in column and "写给网站的信" not in column
    assert "写给市长的信" not in citizen("beta").get(f"{LETTERS}?mailbox={leader.pk}").content.decode()


def test_the_verb_writes_to_a_leader(leader, say, tmp_path):
    text = tmp_path / "letter.txt"
    text.write_text(TEXT, encoding="utf-8")
    words = ("case", "submit", "--site", "alpha", "--kind", "help", "--title", "路灯", "--text", str(text), "--leader")
    say(*words, "999999", status=3)
    assert say(*words, str(leader.pk))["number"] == LetterToLeader.objects.get().case.number
