"""The verbs ``case``, ``cases`` and ``case_statistics``, the whole way from the shell."""

import json

import pytest
from django_tenants.utils import tenant_context

from govplatform.cases.models import Case
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import reply_to
from tests.verbs import call_verb

from .conftest import TEXT


@pytest.fixture
def say(desk):
    """Run a verb and return what it prints; ``status``: how it must end."""

    def run(*words, status=0):
        done = call_verb(*words, "--json")
        assert done.returncode == status, (done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout else {}

    return run


def test_from_the_letter_to_its_answer(say, tmp_path):
    letter, contact, answer = tmp_path / "letter.txt", tmp_path / "contact.txt", tmp_path / "answer.txt"
    letter.write_text(TEXT, encoding="utf-8")
    contact.write_text("name=来信人\nphone=0000-0000001\n", encoding="utf-8")
    answer.write_text("已派工。", encoding="utf-8")
    sent = say(
        "case", "submit", "--site", "alpha", "--kind", "consultation", "--title", "路灯", "--text", str(letter),
        "--contact", str(contact), "--public",
    )  # fmt: skip
    assert set(sent) == {"number", "query_code", "due"}
    number = sent["number"]
    assert say("case", "status", number, "--code", "X", status=3)["refused"]
    asked = say("case", "status", number, "--code", sent["query_code"])
    assert asked | {"due": None} == {
        "number": number, "state": "submitted", "accepted_on": None, "due": None, "replied_on": None,
        "organisation": None, "answer": None,
    }  # fmt: skip
    say("case", "accept", number, status=2)
    assert say("case", "accept", number, "--as", "beta_clerk", status=3)["refused"]
    accepted = say("case", "accept", number, "--as", "alpha_clerk")
    assert accepted["state"] == "accepted" and accepted["due"] > sent["due"]
    assert say("case", "assign", number, "--as", "alpha_clerk", "--to", "beta")["state"] == "assigned"
    extended = say("case", "extend", number, "--as", "beta_editor", "--reason", "勘查")
    assert extended["due"] > accepted["due"]
    assert say("case", "return", number, "--as", "beta_editor", "--reason", "不属本县")["state"] == "accepted"
    say("case", "assign", number, "--as", "alpha_clerk", "--to", "beta")
    assert say("case", "answer", number, "--as", "beta_editor", "--text", str(answer))["state"] == "in_review"
    with tenant_context(get_tenant("beta")):
        page = str(reply_to(Case.objects.get(number=number)).pk)
    for reviewer in ("beta_content", "beta_secret"):
        say("review", "--site", "beta", "--page", page, "--as", reviewer, "--approve", "--opinion", "同意。")
    shown = say("show_page", "--site", "beta", "--page", page)
    assert (shown["status"], shown["case"]) == ("live", number)
    asked = say("case", "status", number, "--code", sent["query_code"])
    assert (asked["state"], asked["answer"], asked["due"]) == ("replied", "已派工。", None)
    assert say("case", "close", number, "--as", "alpha_clerk", "--reason", "x", status=3)["refused"]
    [line] = say("cases", "--as", "alpha_clerk", "--site", "beta", "--kind", "consultation")["cases"]
    assert (line["number"], line["state"], line["organisation"]) == (number, "replied", "beta")
    assert say("cases", "--as", "outsider")["cases"] == say("cases", "--as", "supervisor", "--late")["cases"] == []
    counted = say("case_statistics", "--site", "alpha")
    assert (counted["received"], counted["answered"], counted["published"]) == (1, 1, 1)


def test_wrong_use_is_told_apart_from_a_refusal(say, tmp_path):
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\xff\xfe\xfa")
    words = ("case", "submit", "--site", "alpha", "--kind", "help", "--title", "路灯", "--text")
    say("case", "submit", "--site", "alpha", status=2)
    say(*words, str(tmp_path / "nowhere"), status=2)
    assert say(*words, str(broken), status=3)["refused"]
    assert say("case", "accept", "209900000001", "--as", "alpha_clerk", status=3)["refused"]


def test_a_request_from_the_shell_to_the_statutory_table(say, tmp_path):
    def file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    who = "applicant=person\nname=申请人甲\ndocument_kind=id\ndocument_number=11010519491231002X\nphone=0000-0000001\n"
    who += "title=养护合同\nmedium=paper\nway=post\n"
    words = ("case", "submit", "--site", "alpha", "--kind", "disclosure", "--text", file("text.txt", "2025年的合同。"))
    say(*words, status=2)
    refused = say(*words, "--contact", file("who.txt", who), status=3)["refused"]
    assert any("通信地址" in reason for reason in refused)
    sent = say(*words, "--contact", file("who.txt", who + "address=虚构路一号\n"))
    number, code = sent["number"], sent["query_code"]
    handler, text = ("--as", "beta_editor"), file("note.txt", "请说明。")

    say("case", "accept", number, "--as", "alpha_clerk")
    say("case", "assign", number, "--as", "alpha_clerk", "--to", "beta")
    due = say("case", "supplement", number, *handler, "--text", text)["due"]
    assert due > sent["due"]
    assert say("case", "decide", number, *handler, "--decision", "granted", "--text", text, status=3)["refused"]
    assert say("case", "add", number, "--code", code, "--text", text)["due"] < due
    say("case", "third-party", number, *handler, "--who", "第三方丙", "--text", text)
    say("case", "heard", number, *handler, status=2)
    say("case", "heard", number, *handler, "--agrees", "yes")
    say("case", "fee", number, *handler, "--amount", "x", "--text", text, status=3)
    say("case", "fee", number, *handler, "--amount", "100", "--text", text)
    say("case", "paid", number, *handler)
    say("case", "extend", number, *handler, "--reason", "卷宗较多", status=3)
    say("case", "extend", number, *handler, "--reason", "卷宗较多", "--consent", "负责人丁")
    say("case", "identify", number, *handler, status=3)
    assert say("case", "decide", number, *handler, "--decision", "granted", "--text", text)["state"] == "in_review"
    assert say("case", "identify", number, *handler)["identity"]["name"] == "申请人甲"
    with tenant_context(get_tenant("beta")):
        page = str(reply_to(Case.objects.get(number=number)).pk)
    for reviewer in ("beta_content", "beta_secret"):
        say("review", "--site", "beta", "--page", page, "--as", reviewer, "--approve", "--opinion", "同意。")
    asked = say("case", "status", number, "--code", code)
    assert asked["state"] == "replied" and "申请人甲" not in asked["answer"] and "行政复议" in asked["answer"]
    letter = say("case", "letter", number, *handler, "--out", str(tmp_path / "letter.docx"))["file"]
    assert (tmp_path / "letter.docx").read_bytes()[:2] == b"PK" and letter
    assert say("case", "letter", number, *handler, "--out", str(tmp_path / "letter.pdf"))["file"].endswith("pdf")
    assert (tmp_path / "letter.pdf").read_bytes()[:4] == b"%PDF"
    say("case", "deliver", number, *handler, "--way", "post", "--reason", "邮件 0001")
    told = say("disclosure_statistics", "--site", "beta", "--out", str(tmp_path / "table.xlsx"))
    rows = told["rows"]
    assert (rows["new"]["person"], rows["granted"]["sum"], rows["total"]["sum"], rows["left"]["sum"]) == (1, 1, 1, 0)
    say("disclosure_statistics", "--site", "beta", "--out", str(tmp_path / "table.doc"), status=2)
    say("disclosure_statistics", "--site", "beta", "--year", "1900", status=2)
