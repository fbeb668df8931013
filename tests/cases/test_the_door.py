"""The public form as a hostile door: tokens, honey, work or sum, limits, sizes; and letters that say strange things."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import signing
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from govplatform.cases.contact import decrypt
from govplatform.cases.letters import TEXT as LONGEST
from govplatform.cases.models import Case
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from sites.interaction import form_tokens

from .conftest import TEXT, as_form, form_by_hand, form_of, send_in

WRITE, ASK = "/interaction/write/", "/interaction/ask/"
TYPED = {"kind": "consultation", "title": "路灯", "text": TEXT}


@pytest.fixture
def door(desk, citizen):
    """A citizen before the form: ``door(**fields)`` sends it, filled in as a browser would."""
    client = citizen("alpha")

    def send(*, form=None, **fields):
        return client.post(WRITE, **as_form({**(form or form_of(client.get(WRITE))), **TYPED, **fields}))

    send.client = client
    return send


@pytest.fixture
def one_minute():
    """The clock stands still: nothing that is counted by the minute begins anew in the middle of a test."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def numbers(response):
    return re.findall(r"<dd>([0-9A-Z]+)</dd>", response.content.decode())


def test_a_form_makes_one_letter_however_often_it_is_sent(door):
    form = form_of(door.client.get(WRITE))
    first, second = door(form=form), door(form=form)
    assert numbers(first) == numbers(second) and len(numbers(first)) == 2
    other = door(form=form, text="另一件事。")
    assert other.status_code == 409
    assert numbers(first)[0] in other.content.decode() and "另一件事。" in other.content.decode()
    assert Case.objects.count() == 1
    # What comes back can be sent: nobody types it twice.
    assert len(numbers(door(form=form_of(other), text="另一件事。"))) == 2


def test_what_cannot_be_kept_is_given_back(door):
    """The disk of the database is full: no letter, and nobody types it twice."""

    def full(execute, sql, *arguments):
        if sql.startswith("INSERT"):
            raise OperationalError("could not extend file: No space left on device")
        return execute(sql, *arguments)

    door.client.raise_request_exception = False
    form = form_of(door.client.get(WRITE))
    with connection.execute_wrapper(full):
        answer = door(form=form, text=f"{TEXT}</textarea><script>", name="张三")
    html = answer.content.decode()
    assert answer.status_code == 503 and answer.headers["Retry-After"] and "no-store" in answer.headers["Cache-Control"]
    assert "没有收到" in html and f"{TEXT}&lt;/textarea&gt;" in html and "张三" in html
    assert "<script>" not in html and "token" not in html
    assert not Case.objects.exists()


def test_no_other_token_opens_it(door, citizen):
    elsewhere = form_of(citizen("beta").get(WRITE))
    of_asking = re.search(r'name="token" value="([^"]+)"', door.client.get(ASK).content.decode()).group(1)
    form = form_of(door.client.get(WRITE))
    for token in (elsewhere["token"], of_asking, "", "x", form["token"][:-1], signing.dumps({"n": "1"}), "é" * 9):
        refused = door(form={"token": token, "work": "1"})
        assert refused.status_code == 422, token
        assert TEXT in refused.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=form_tokens._LIFE + 60)):
        assert "已经失效" in door(form=form).content.decode()
    assert not Case.objects.exists()


def test_without_script_a_sum_takes_the_place_of_the_work(door, settings, one_minute):
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "letter_by_hand": 2}

    def by_hand(answer=None):
        form = form_by_hand(door.client.get(WRITE))
        return door(form=form if answer is None else {**form, "sum": answer})

    for wrong in ("", "0", "-1", "1" * 400):
        refused = by_hand(wrong)
        assert refused.status_code == 422 and 'id="fault-sum">验算题' in refused.content.decode()
    assert len(numbers(by_hand())) == len(numbers(by_hand())) == 2
    assert by_hand().status_code == 429


def test_who_fills_in_what_nobody_sees_is_told(door):
    refused = door(website="http://example.com")
    assert refused.status_code == 422 and "让它空着" in refused.content.decode()
    assert not Case.objects.exists()


def test_addresses_and_their_networks_are_limited(door, settings, one_minute):
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "letter": 2, "letter_network": 3}

    def from_address(address):
        form = form_of(door.client.get(WRITE))
        return door.client.post(WRITE, **as_form({**form, **TYPED}), REMOTE_ADDR=address).status_code

    assert [from_address("192.0.2.1") for _ in range(3)] == [200, 200, 429]
    assert [from_address("192.0.2.2"), from_address("192.0.2.3"), from_address("198.51.100.1")] == [200, 429, 200]


def test_what_is_too_large_is_not_read(door):
    answered = door(text="字" * 1_000_000)
    assert answered.status_code == 413 and "太长" in answered.content.decode()
    assert door(text="字" * (LONGEST + 1)).status_code == 422
    long = door(text="字" * LONGEST)
    assert len(numbers(long)) == 2
    # Anything but a form.
    assert door.client.post(WRITE, {"token": "x"}, content_type="application/json").status_code == 413


def test_letters_are_kept_as_they_were_typed_and_shown_as_text(door, console, citizen):
    strange = "=cmd|' /C calc'!A0\n<script>alert(1)</script>\x00\u202eabc {{ 7 }} &amp;"
    assert len(numbers(door(title="<b>标题</b>", text=strange, name='"><img src=x>'))) == 2
    case = Case.objects.get()
    assert case.text == strange.replace("\x00", "")
    assert decrypt(case.contact, case.number).name == '"><img src=x>'
    clerk = console("alpha_clerk", "alpha")
    for address in ("/admin/cases/", f"/admin/cases/{case.pk}/"):
        html = clerk.get(address).content.decode()
        assert "<script>alert" not in html and "<b>标题" not in html
    assert "<img src=x" not in clerk.post(f"/admin/cases/{case.pk}/", {"act": "look"}).content.decode()


def test_each_field_says_what_is_wrong_with_it(door):
    answered = door(kind="other", title=" ", text="", phone="打我", email="nobody")
    html = answered.content.decode()
    assert answered.status_code == 422
    for words in ("请选择一个类别", "标题：请填写", "内容：请填写", "只写数字", "name@example.com"):
        assert words in html
    assert 'value="打我"' in html and "fault-email" in html


def test_codes_are_not_guessed(desk, citizen, settings, one_minute):
    taken = send_in()
    settings.OUTWARD_LIMITS = {**settings.OUTWARD_LIMITS, "ask": 4}
    client = citizen("alpha")

    def ask(number, code, **form):
        form = form or form_of(client.get(ASK))
        return client.post(ASK, **as_form({**form, "number": number, "code": code}))

    wrong, unknown = ask(taken.case.number, "A" * 12), ask("209900000001", taken.query_code)
    assert wrong.status_code == unknown.status_code == 422
    assert "编号或查询码不对" in wrong.content.decode() and "编号或查询码不对" in unknown.content.decode()
    assert TEXT not in wrong.content.decode()
    assert wrong.content.decode().count('aria-invalid="true" aria-describedby="fault-code"') == 2
    assert ask(taken.case.number, taken.query_code, token="x").status_code == 422
    assert TEXT in ask(taken.case.number, f" {taken.query_code[:6]}-{taken.query_code[6:]} ").content.decode()
    assert ask(taken.case.number, taken.query_code).status_code == 429
    assert taken.query_code not in str(Case.objects.values().get())


def test_contact_data_is_nothing_without_the_key(desk, settings, tmp_path):
    case = send_in(name="来信人", email="somebody@example.com").case
    kept = bytes(Case.objects.get().contact)
    assert b"somebody" not in kept and "来信人".encode() not in kept
    assert decrypt(kept, case.number).email == "somebody@example.com"
    with pytest.raises(Refused, match="密钥"):
        decrypt(kept, "209900000001")
    settings.CASES_KEY_FILE = Path(tmp_path) / "another"
    with pytest.raises(Refused, match="密钥"):
        decrypt(kept, case.number)


def test_a_report_is_never_public_whatever_it_asks_for(door):
    door(kind="report", publish="yes")
    case = Case.objects.get()
    assert not case.may_publish
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(may_publish=True)


def test_a_department_s_form_takes_in_to_its_portal(desk, citizen):
    beta = get_tenant("beta")
    type(beta).objects.filter(pk=beta.pk).update(kind="department")
    client = citizen("beta")
    answered = client.post(WRITE, **as_form({**form_of(client.get(WRITE)), **TYPED}))
    assert len(numbers(answered)) == 2
    case = Case.objects.get()
    assert (case.came_by.code, case.desk.code) == ("beta", "alpha")
