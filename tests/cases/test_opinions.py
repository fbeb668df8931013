"""会办: a site says its opinion in its console, a unit without one by a link; one organisation answers."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.cases.actions import accept_case, close_case
from govplatform.cases.models import Case, Opinion, Unit
from govplatform.cases.opinions import ask_opinion, give_opinion, opinion_of_link, recall_opinion
from govplatform.cases.queries import opinions_to_give
from govplatform.cases.units import add_unit, close_unit
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.interaction import unit_links
from sites.interaction.answering import reply_to
from sites.interaction.assigning import assign

from .conftest import TEXT, as_form, send_in
from .test_acts import afresh, assigned
from .test_life import person
from .test_verbs import say

__all__ = ["say"]


@pytest.fixture
def at_desk(desk):
    """A letter that alpha, the desk, answers itself, and a unit in its register."""
    case = send_in(name="来信人", phone="0000-0000001").case
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, desk, acting_user=person("alpha_clerk"))
    return afresh(case), add_unit(desk, "供电营业所", acting_user=person("alpha_clerk"))


def path_of(link):
    return re.sub(r"^https?://[^/]+", "", link)


def test_a_unit_answers_by_its_link_and_the_desk_hands_it_in(at_desk, console, citizen):
    case, _unit = at_desk
    clerk = console("alpha_clerk", "alpha")
    shown = clerk.post(f"/admin/cases/{case.pk}/", {"act": "consult", "who": "unit:供电营业所", "reason": "请查"})
    path = path_of(re.search(r'one-time-link">([^<]+)<', shown.content.decode()).group(1))
    unit = citizen("alpha")
    page = unit.get(path)
    html = page.content.decode()
    assert page.status_code == 200 and TEXT in html and "0000-0000001" not in html and not page.cookies
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    token = {"token": form_of_unit(page)}
    empty = unit.post(path, **as_form({**token, "text": "  "}))
    assert empty.status_code == 422
    # The fault belongs to its field, for whoever hears the page.
    assert 'aria-describedby="hint-unit fault-unit" aria-invalid="true"' in empty.content.decode()
    assert 'id="fault-unit">意见：请填写。' in empty.content.decode()
    assert unit.post(path, **as_form({"token": "x", "text": "没停电"})).status_code == 422
    for _click in (1, 2):
        assert unit.post(path, **as_form({**token, "text": "<b>线路</b>已修复。"})).status_code == 200
    other = unit.post(path, **as_form({**token, "text": "另一种说法。"}))
    assert other.status_code == 422 and "不能更改" in other.content.decode()
    assert Opinion.objects.get().text == "<b>线路</b>已修复。"
    editor = console("alpha_editor", "alpha")
    html = editor.get(f"/admin/cases/{case.pk}/").content.decode()
    assert html.count("&lt;b&gt;线路&lt;/b&gt;已修复。") == 2
    editor.post(f"/admin/cases/{case.pk}/", {"act": "answer", "answer": "线路已修复。"})
    with tenant_context(get_tenant("alpha")):
        assert reply_to(case).department == "供电营业所"
    assert unit.get(path).status_code == 200
    assert list(case.steps.values_list("act", flat=True))[-3:] == ["consulted", "opinion", "handed_in"]


def form_of_unit(page):
    return re.search(r'name="token" value="([^"]+)"', page.content.decode()).group(1)


def test_a_link_ends(at_desk, citizen, settings):
    case, unit = at_desk
    clerk = person("alpha_clerk")
    client = citizen("alpha")
    _opinion, first = ask_opinion(case, unit, acting_user=clerk)
    opinion, second = ask_opinion(case, unit, acting_user=clerk)
    assert client.get(path_of(first)).status_code == 404
    assert client.get(path_of(second)).status_code == 200
    assert citizen("alpha").get(f"{path_of(second)[:-4]}xyz/").status_code == 404
    with time_machine.travel(opinion.expires_at + timedelta(minutes=1)):
        assert client.get(path_of(second)).status_code == 404
    close_unit(unit, acting_user=clerk)
    assert client.get(path_of(second)).status_code == 404
    close_unit(unit, acting_user=clerk, closed=False)
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "ask": 1}
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert [client.get(path_of(second)).status_code for _ in range(2)] == [200, 429]
    close_case(case, acting_user=clerk, reason="不属受理范围。")
    with pytest.raises(Refused, match="链接不存在"):
        opinion_of_link(path_of(second).split("/")[-2])


def test_others_contribute_and_the_leader_answers(desk, console):
    case = assigned()
    beta = console("beta_editor", "beta")
    beta.post(f"/admin/cases/{case.pk}/", {"act": "consult", "who": "alpha", "reason": "请会办"})
    assert opinions_to_give(Tenant.objects.filter(code="alpha")).count() == 1
    alpha = console("alpha_editor", "alpha")
    html = alpha.get(f"/admin/cases/{case.pk}/").content.decode()
    assert TEXT in html and "请会办" in html and 'value="answer"' not in html
    assert "会办意见" in html and 'value="look"' not in html
    alpha.post(f"/admin/cases/{case.pk}/", {"act": "opinion", "opinion": "同意维修。"})
    assert "同意维修。" in beta.get(f"/admin/cases/{case.pk}/").content.decode()
    with pytest.raises(Refused, match="没有就来信"):
        give_opinion(case, desk, "再说一次", acting_user=person("alpha_editor"))
    with pytest.raises(Refused, match="已经就这件来信征求过"):
        ask_opinion(case, desk, acting_user=person("beta_editor"))
    assert afresh(case).state == "assigned"


def test_what_is_recalled_is_seen_no_more(desk, console):
    case = assigned()
    beta = console("beta_editor", "beta")
    beta.post(f"/admin/cases/{case.pk}/", {"act": "consult", "who": "alpha"})
    beta.post(f"/admin/cases/{case.pk}/", {"act": "recall", "who": "alpha"})
    assert console("alpha_editor", "alpha").get(f"/admin/cases/{case.pk}/").status_code == 404


def test_the_register_is_the_clerk_s(desk, console):
    clerk = console("alpha_clerk", "alpha")
    clerk.post("/admin/cases/units/", {"act": "add", "name": "  供电 营业所 "})
    again = clerk.post("/admin/cases/units/", {"act": "add", "name": "供电 营业所"}).content.decode()
    assert "已经登记" in again and Unit.objects.get().name == "供电 营业所"
    clerk.post("/admin/cases/units/", {"act": "close", "unit": str(Unit.objects.get().pk)})
    assert Unit.objects.get().closed
    assert clerk.post("/admin/cases/units/", {"act": "close", "unit": "x"}).status_code == 404
    assert console("alpha_editor", "alpha").get("/admin/cases/units/").status_code == 403


def test_the_verbs_ask_and_recall(at_desk, say, tmp_path):
    case, _unit = at_desk
    text = tmp_path / "opinion.txt"
    text.write_text("同意。", encoding="utf-8")
    assert say("case_units", "list", "--site", "alpha")["units"] == [{"name": "供电营业所", "closed": False}]
    say("case_units", "close", "--site", "alpha", "--name", "没有", "--as", "alpha_clerk", status=3)
    asked = say("case", "consult", case.number, "--unit", "供电营业所", "--as", "alpha_clerk")
    assert "/interaction/unit/" in asked["link"]
    say("case", "recall", case.number, "--unit", "供电营业所", "--as", "alpha_clerk")
    with pytest.raises(Refused):
        opinion_of_link(asked["link"].split("/")[-2])
    say("case", "consult", case.number, "--to", "beta", "--as", "alpha_clerk")
    say("case", "opinion", case.number, "--to", "beta", "--text", str(text), "--as", "beta_editor")
    assert Case.objects.get().opinions.last().text == "同意。"


def test_what_ends_a_link_while_the_unit_sends_is_told_to_it(at_desk, citizen, monkeypatch):
    """The clerk recalls it between the look at the link and the lock of the letter."""
    case, unit = at_desk
    opinion, link = ask_opinion(case, unit, acting_user=person("alpha_clerk"))
    browser = citizen("alpha")
    token = form_of_unit(browser.get(path_of(link)))
    give = unit_links.give_opinion_by_link

    def recalled_before(*given):
        recall_opinion(opinion, acting_user=person("alpha_clerk"))
        return give(*given)

    monkeypatch.setattr(unit_links, "give_opinion_by_link", recalled_before)
    told = browser.post(path_of(link), **as_form({"token": token, "text": "没停电"}))
    assert told.status_code == 404 and "已经过期、收回" in told.content.decode()
    assert Opinion.objects.get(pk=opinion.pk).given_at is None
