"""Whoever holds no role is refused by every verb that acts in somebody's name (``--as``)."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.management import get_commands, load_command_class
from django.utils import timezone

from content_library.distribution.pushes.actions import push_resource
from govplatform.audit.models import Entry
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.dictionaries.actions import add_word
from govplatform.review.submission.actions import submit_for_review, withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import change_column
from sites.documents_in.queries import repeats_of
from tests import factories
from tests.consequences.happening import Called, as_job, ring
from tests.interviews.conftest import an_open_interview
from tests.lifecycle import life
from tests.lifecycle.tables import csv_file, row
from tests.reposts.conftest import live_at, resource_of
from tests.review.frame.frame_cases import waiting
from tests.review.reviewers import emergency
from tests.verbs import call_verb

from .acts_of_addresses import old_addresses
from .acts_of_errors import error_table
from .acts_of_guides import services_table
from .acts_of_letters import letter, public_letter
from .acts_of_library import proposed_to_alpha
from .acts_of_platform import not_begun, offered, with_a_second_factor
from .acts_of_requests import asked
from .acts_of_sites import differing_import, repeating_import, surveyed_arrival
from .acts_of_surveys import answered_survey

REFUSED = 3
_OURS = ("govplatform", "content_library", "sites", "search")
Words = Callable[[Path], list[str]]


@dataclass(frozen=True)
class Verb:
    """``words``: what stands behind the verb, without ``--as``; ``may``: who may; ``ends`` and ``says``: for them."""

    name: str
    may: str
    words: Words
    ends: int = 0
    says: str = ""


def at(page: Any) -> list[str]:
    return ["--site", "alpha", "--page", str(page.pk)]


def proposed_words() -> str:
    column = factories.column()
    change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
    proposal = waiting(column)
    assert proposal is not None
    return str(proposal.pk)


def handed_in() -> Any:
    page = factories.draft_article()
    factories.submit(page)
    return page


def gone_out_in_an_emergency() -> Any:
    page = factories.draft_article()
    submit_for_review(page, acting_user=factories.user("alpha_editor"), emergency=emergency())
    for reviewer in ("alpha_content", "alpha_secret"):
        factories.approve(page, reviewer)
    return page


def taken_down_at_once() -> Any:
    page = factories.live_article()
    withdraw_page(page, acting_user=factories.user("supervisor"), reason="紧急。", break_glass=True)
    return page


def failed_row() -> str:
    from govplatform.tenancy.current import current_tenant

    with as_job(Called()):
        found = ring(current_tenant())
    type(found).objects.filter(pk=found.pk).update(state="failed")
    return str(found.pk)


def words_file(folder: Path) -> str:
    path = folder / "words.csv"
    path.write_text("词语,类别,程度\n青石计划,敏感词,提示\n", encoding="utf-8-sig")
    return str(path)


def synonyms_file(folder: Path) -> str:
    path = folder / "synonyms.txt"
    path.write_text("一网通办 = 在线办事\n", encoding="utf-8")
    return str(path)


def report(folder: Path) -> str:
    path = folder / "report.html"
    path.write_text("<html><body><h1>关于测试的通知</h1><p>正文。</p></body></html>", encoding="utf-8")
    return str(path)


def answered() -> str:
    return str(answered_survey().survey_id)


def old_site(folder: Path) -> str:
    """A mirrored directory with one page."""
    report(folder)
    return str(folder)


def repeats_to_remove() -> list[str]:
    item = repeating_import()
    return [str(item.page_id), "--site", "alpha", "--run", repeats_of(item)[0].key]


def exported(folder: Path) -> str:
    import json
    import uuid

    from content_library.resources.exchange import export_resource

    path = folder / "foreign.json"
    export_resource(resource_of(factories.live_article()), path)
    made = json.loads(path.read_text(encoding="utf-8")) | {"uuid": str(uuid.uuid4()), "platform": "邻省平台"}
    path.write_text(json.dumps(made), encoding="utf-8")
    return str(path)


def kept_words(folder: Path) -> list[str]:
    from govplatform.tenancy.current import current_tenant

    add_word(current_tenant(), acting_user=None, word="青石计划", kind="sensitive", severity="warn")
    return ["export", str(folder / "out.csv"), "--site", "alpha"]


CHANGE = ("change", "--site", "alpha", "--reason", "号码变更。")


def a_change() -> str:
    return str(life.file("change", "alpha", wanted={"contact": "电话：0871-12345678"}).pk)


def on_its_way(source: str, destination: str) -> list[str]:
    life.retiring(source)
    return [source, destination]


def without_content() -> str:
    Tenant.objects.filter(code="beta").update(dropped_at=timezone.now())
    return "beta"


def pushed() -> Any:
    """A push from alpha to beta that beta has not done yet."""
    resource = resource_of(factories.live_article())
    return push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))


def paused(username: str) -> str:
    """An account on which wrong passwords were tried."""
    AccessAttempt.objects.create(username=username, ip_address="198.51.100.7", failures_since_start=5)
    return username


def left_desk(_folder: Path) -> list[str]:
    """The open letter of a portal that closes goes to another one."""
    beta = get_tenant("beta")
    written = read_letter("help", "路灯", "坏了。", may_publish=True)
    submit_case(written, beta, nonce=new_nonce(), desk=beta)
    Tenant.objects.filter(pk=beta.pk).update(status=Tenant.Status.RETIRING)
    return ["pass", "--site", "beta", "--to", "alpha", "--reason", "并入"]


VERBS = [
    Verb("case", "alpha_clerk", lambda _: ["accept", letter().number]),
    Verb("case", "alpha_editor", lambda _: ["identify", asked().number], says="申请人甲"),
    Verb("error_reports import", "alpha_clerk", lambda folder: [str(error_table(folder)), "--site", "alpha"]),
    Verb("error_reports export", "alpha_clerk", lambda folder: ["--site", "alpha", "--out", str(folder / "out.csv")]),
    Verb("case_desk", "supervisor", left_desk),
    Verb("case_retention", "supervisor", lambda _: ["hold", letter().number, "--reason", "行政诉讼"]),
    Verb("question_base", "alpha_editor", lambda _: ["add", public_letter().number]),
    Verb("case_units", "alpha_clerk", lambda _: ["add", "--site", "alpha", "--name", "供电营业所"]),
    Verb(
        "extend_push",
        "alpha_content",
        lambda _: [str(pushed().pk), "--site", "beta", "--until", "2999-01-01", "--reason", "x"],
    ),
    Verb("remind_push", "alpha_content", lambda _: [str(pushed().pk), "--site", "beta"]),
    Verb(
        "account end-sessions", "alpha_admin", lambda _: ["alpha_editor", "--site", "alpha", "--reason", "电脑遗失。"]
    ),
    Verb(
        "account unlock", "alpha_admin", lambda _: [paused("alpha_editor"), "--site", "alpha", "--reason", "已核实。"]
    ),
    Verb("export_audit", "alpha_auditor", lambda folder: ["--site", "alpha", "--out", str(folder / "audit.jsonl")]),
    Verb("submit", "alpha_editor", lambda _: at(factories.draft_article())),
    Verb("review", "alpha_content", lambda _: [*at(handed_in()), "--approve", "--opinion", "同意。"]),
    Verb("claim", "alpha_content", lambda _: at(handed_in())),
    Verb("withdraw", "alpha_content", lambda _: [*at(factories.live_article()), "--reason", "内容有误。"]),
    Verb(
        "confirm_withdrawal", "both_content", lambda _: [*at(taken_down_at_once()), "--confirm", "--opinion", "属实。"]
    ),
    Verb(
        "after_review", "both_content", lambda _: [*at(gone_out_in_an_emergency()), "--confirm", "--opinion", "属实。"]
    ),
    Verb("review_sheet", "alpha_content", lambda out: [*at(factories.live_article()), "--out", str(out / "a.html")]),
    Verb("dictionary", "alpha_content", lambda folder: ["import", words_file(folder), "--site", "alpha"]),
    Verb("dictionary", "alpha_content", kept_words),
    Verb("synonyms", "operator", lambda folder: ["import", synonyms_file(folder)]),
    Verb(
        "ledger import",
        "operator",
        lambda folder: [str(old_addresses(folder)), "--host", "alpha.localhost"],
    ),
    Verb("ledger rules", "operator", lambda _: ["--site", "alpha", "--host", "old.gov.cn", "--reason", "旧站。"]),
    Verb("consequences", "operator", lambda _: ["--give-up", failed_row(), "--reason", "已人工处理。"]),
    Verb("grant_role", "alpha_admin", lambda _: ["both_content", "confidentiality-reviewer", "--site", "alpha"]),
    Verb("revoke_role", "alpha_admin", lambda _: ["both_content", "content-reviewer", "--site", "alpha"]),
    Verb("role_offers", "supervisor", lambda _: ["--confirm", str(offered().pk)]),
    Verb("sign_in_link", "alpha_admin", lambda _: [not_begun().username, "--site", "alpha"]),
    Verb("reset_password", "operator", lambda _: ["alpha_editor", "--reason", "忘记密码。"]),
    Verb("reset_second_factor", "operator", lambda _: [with_a_second_factor().username, "--reason", "手机丢失。"]),
    # A table at fault opens nothing: the processes that open sites are tried in tests/lifecycle.
    Verb("create_sites", "operator", lambda f: [str(csv_file(f / "sites.csv", row(1, code="A B")))], ends=1),
    Verb("library import", "alpha_editor", lambda folder: [exported(folder), "--site", "alpha"]),
    Verb("library pattern", "alpha_admin", lambda _: ["{identity_code}-{year}-{serial:05d}", "--site", "alpha"]),
    # Nothing answers there.
    Verb("harvest", "operator", lambda _: ["https://127.0.0.1:1/"], ends=3, says="读取 https://127.0.0.1:1/"),
    Verb("recall", "alpha_content", lambda _: [str(resource_of(factories.live_article()).uuid), "--reason", "收回。"]),
    Verb("push", "alpha_content", lambda _: [str(resource_of(factories.live_article()).uuid), "--to", "site=beta"]),
    Verb(
        "standing_decision",
        "alpha_content",
        lambda _: ["--site", "alpha", "--propose", "--level", "province", "--reason", "信任。"],
    ),
    Verb("subscribe", "alpha_editor", lambda _: ["--site", "alpha", "--class", "02"]),
    Verb("import_documents", "alpha_editor", lambda f: ["--site", "alpha", "--column", "news", report(f)]),
    Verb("interview", "alpha_editor", lambda _: ["end", str(an_open_interview().pk), "--site", "alpha"]),
    Verb("survey", "alpha_editor", lambda f: ["export", answered(), "--site", "alpha", "--out", f"{f}/a.csv"]),
    Verb("services", "alpha_editor", lambda f: ["import", str(services_table(f)), "--site", "alpha"]),
    Verb("import_site", "alpha_editor", lambda f: [old_site(f), "--site", "alpha", "--host", "old.example"]),
    Verb(
        "historical_decision",
        "alpha_content",
        lambda _: ["--site", "alpha", "--propose", str(surveyed_arrival().pk), "--reason", "旧网站已公开。"],
    ),
    Verb("remove_repeats", "alpha_editor", lambda _: repeats_to_remove()),
    Verb("confirm_import", "alpha_editor", lambda _: [str(differing_import().page_id), "--site", "alpha"]),
    Verb(
        "repost",
        "alpha_editor",
        lambda _: [str(live_at("beta")[1].uuid), "--site", "alpha", "--column", "news", "--mode", "mirror"],
    ),
    Verb("change_site", "alpha_admin", lambda _: ["alpha", "--set", "theme=county"]),
    Verb(
        "create_column",
        "alpha_admin",
        lambda _: ["more-news", "--site", "alpha", "--name", "更多动态", "--type", "news"],
    ),
    Verb("place_draft", "alpha_editor", lambda _: [*at(factories.draft_article()), "--kind", "policy"]),
    Verb("recommend", "alpha_editor", lambda _: at(factories.live_article())),
    Verb(
        "proposals",
        "alpha_editor",
        lambda _: ["--site", "alpha", "--refuse", str(proposed_to_alpha().pk), "--answer", "已有。"],
    ),
    Verb(
        "writing_rights",
        "alpha_admin",
        lambda _: ["--site", "alpha", "--editor", "alpha_editor", "--columns", "news"],
    ),
    Verb("list_page", "alpha_editor", lambda _: [*at(factories.draft_article()), "--columns", "notices"]),
    Verb("pin_page", "alpha_editor", lambda _: [*at(factories.live_article()), "--until", "2999-12-31"]),
    Verb("copy_draft", "alpha_editor", lambda _: at(factories.draft_article())),
    Verb(
        "batch_pages",
        "alpha_editor",
        lambda _: ["--site", "alpha", "--pages", str(factories.draft_article().pk), "--submit"],
    ),
    Verb(
        "rollback",
        "alpha_admin",
        lambda _: ["--site", "alpha", "--to", "9999", "--reason", "页头出错"],
        ends=3,
        says="没有第 9999 号静态版本",
    ),
    Verb("address_style", "alpha_admin", lambda _: ["--site", "alpha", "--set", "pinyin"]),
    Verb(
        "frame_text",
        "alpha_content",
        lambda _: ["confirm", "--site", "alpha", "--number", proposed_words(), "--opinion", "同意。"],
    ),
    Verb("apply", "alpha_admin", lambda _: [*CHANGE, "--set", "contact=电话：0871-12345678"]),
    Verb("approve", "supervisor", lambda _: [a_change(), "--opinion", "同意。"]),
    Verb("merge_site", "operator", lambda _: on_its_way("beta", "alpha")),
    Verb("confirm_merge", "supervisor", lambda _: [str(life.merge_carried_out().pk)]),
    Verb("revert_merge", "operator", lambda _: [str(life.merge_asked_for().pk), "--reason", "改期办理。"]),
    Verb("withdraw_application", "alpha_admin", lambda _: [a_change(), "--reason", "不需要。"]),
    # Dumping and restoring work outside of a transaction: tests/lifecycle/ending.
    Verb("drop_site", "operator", lambda _: ["alpha"], ends=3, says="只有已关停的网站可以移除"),
    Verb("dump_site", "supervisor", lambda _: [without_content()], ends=3, says="没有可以备份的"),
    Verb("restore", "operator", lambda f: [str(f), "--site", "alpha"], ends=3, says="没有完整的备份"),
    Verb("restore_site", "operator", lambda f: [report(f)], ends=3, says="这不是站点的备份文件"),
]
#: Name -> why no role is asked for.
EXCEPTIONS = {
    "absence": "the person's own absence, and it gives nobody a right",
    "cases": "shows what the person has to do with: nothing, to who has no role",
    "queue": "shows what waits for the person: nothing, to who has no role",
    "waiting": "shows what waits for the person: nothing, to who has no role",
}


def verbs_in_somebodys_name() -> set[str]:
    """Verbs (and parts of verbs) of ours with ``--as``."""
    found = set()
    for name, app in get_commands().items():
        if not str(app).startswith(_OURS):
            continue
        parser = load_command_class(app, name).create_parser("manage.py", name)
        for words, part in [(name, parser), *_parts(name, parser)]:
            if any("--as" in action.option_strings for action in part._actions):
                found.add(words)
    return found


def _parts(name: str, parser: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser]]:
    return [
        (f"{name} {part}", sub)
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for part, sub in action.choices.items()
    ]


@pytest.mark.unit
def test_every_verb_with_a_name_is_either_tried_or_excepted_with_a_reason():
    assert verbs_in_somebodys_name() == {one.name for one in VERBS} | set(EXCEPTIONS)


@pytest.mark.parametrize("one", VERBS, ids=[f"{one.name} {number}" for number, one in enumerate(VERBS)])
def test_nobody_acts_by_a_verb_without_a_role(one, alpha, tmp_path):
    words = [*one.name.split(), *one.words(tmp_path)]
    before = Entry.objects.count()
    done = call_verb(*words, "--as", "outsider", "--json")
    assert done.returncode == REFUSED, (done.stdout, done.stderr)
    assert '"refused"' in done.stdout
    assert not one.says or one.says not in done.stdout
    assert Entry.objects.count() == before
    done = call_verb(*words, "--as", one.may, "--json")
    assert done.returncode == one.ends, (done.stdout, done.stderr)
    assert one.says in done.stdout


def test_nothing_waits_for_who_holds_no_role(alpha):
    handed_in()
    done = call_verb("queue", "--as", "outsider", "--json")
    assert done.returncode == 0 and '"waiting": []' in done.stdout, done.stdout


def test_an_absence_is_one_s_own(alpha):
    today = str(timezone.localdate())
    words = ["absence", "--deputy", "alpha_content", "--from", today, "--until", today]
    done = call_verb(*words, "--as", "outsider", "--json")
    assert done.returncode == 0 and '"person": "outsider"' in done.stdout, done.stdout
