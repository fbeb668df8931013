"""Everything that waits for a person on one screen, a count beside the menu, and one mail a day without secrets."""

import json
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.distribution.pushes.actions import push_resource
from govplatform.accounts.models import AccountReset, Membership, RoleOffer, User
from govplatform.audit.models import Entry
from govplatform.consequences.models import Consequence
from govplatform.refusals import Refused
from govplatform.review.submission.actions import decide_review
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.actions import change_reminders, send_daily_mails
from govplatform.waiting.models import Reminders
from govplatform.waiting.queries import waiting_for
from govplatform.waiting.registry import kinds
from tests.factories import draft_article, submit
from tests.lifecycle import life
from tests.pushes.conftest import deliver_all
from tests.tenancy.broken_sites import BROKEN, as_the_owner

TITLE = "不该出现在邮件里的标题"


@pytest.fixture(autouse=True)
def _no_counts():
    caches["default"].clear()


@pytest.fixture
def beta(db):
    return get_tenant("beta")


def _user(name):
    return User.objects.get(username=name)


def _kinds_of(name):
    return {group.kind.code: [matter.title for matter in group.matters] for group in waiting_for(_user(name))}


def _wants(name, *codes, email="somebody@example.gov.cn"):
    user = _user(name)
    change_reminders(user, email=email, silent=[], mailed=codes, acting_user=user)
    return user


@pytest.fixture
def waiting_page(alpha):
    page = draft_article(title=TITLE)
    submit(page)
    return page


def test_nothing_waits_for_anybody_at_first(db):
    for user in User.objects.all():
        assert waiting_for(user) == []


def test_a_review_waits_for_its_reviewer_alone(waiting_page):
    assert list(_kinds_of("alpha_content")) == ["review"]
    assert TITLE in _kinds_of("alpha_content")["review"][0]
    for name in ("alpha_editor", "alpha_secret", "beta_content", "alpha_admin", "supervisor"):
        assert _kinds_of(name) == {}


def test_what_came_back_waits_for_its_editor(waiting_page):
    decide_review(waiting_page, acting_user=_user("alpha_content"), approve=False, opinion="请补充落款。")
    assert _kinds_of("alpha_editor") == {"returned": [TITLE]}
    assert _kinds_of("alpha_content") == {}


def test_a_duty_to_repost_waits_for_reviewers_and_administrator(beta, live):
    push = push_resource(live.resource("article"), selector="site=beta", acting_user=_user("alpha_content"))
    deliver_all(push)
    for name in ("beta_content", "beta_secret", "beta_admin"):
        assert push.resource.title in _kinds_of(name)["duty"]
    assert "duty" not in _kinds_of("beta_editor")


def test_an_application_waits_for_the_supervisor_and_not_for_who_filed(db):
    life.file("change", "alpha", wanted={"contact": "电话：0871-12345678"})
    assert list(_kinds_of("supervisor")) == ["application"]
    assert _kinds_of("operator") == _kinds_of("alpha_admin") == {}


def test_offers_and_resets(db):
    now = timezone.now()
    RoleOffer.objects.create(
        person=_user("outsider"),
        tenant=get_tenant("alpha"),
        role="content-reviewer",
        offered_by=_user("alpha_admin"),
        offered_at=now,
    )
    AccountReset.objects.create(
        person=_user("alpha_content"),
        what="password",
        reason="忘记。",
        requested_by=_user("operator"),
        requested_at=now,
    )
    assert list(_kinds_of("outsider")) == ["offer"]
    assert set(_kinds_of("supervisor")) == {"offer", "reset"}
    assert "reset" not in _kinds_of("operator"), "who asked for it does not decide it"


def test_what_was_not_done_waits_for_the_operator(db):
    now = timezone.now()
    Consequence.objects.create(
        schema="site_alpha", event="x", line="no.such.line", kind="job", retried=True, state=Consequence.State.FAILED,
        next_at=now, made_at=now,
    )  # fmt: skip
    assert list(_kinds_of("operator")) == ["undone"]
    assert _kinds_of("supervisor") == {}


def test_the_screen_lists_it_with_ways_to_each(waiting_page, console):
    page = console("alpha_content", "alpha").get("/admin/waiting/").content.decode()
    assert TITLE in page
    assert f"http://alpha.console.localhost:8000/admin/review/{waiting_page.pk}/" in page
    empty = console("alpha_auditor", "alpha").get("/admin/waiting/").content.decode()
    assert "现在没有事情等你办理" in empty


def test_every_way_leads_to_a_page_that_opens(waiting_page, beta, live, console):
    deliver_all(push_resource(live.resource("article"), selector="site=beta", acting_user=_user("alpha_content")))
    for name, site in (("alpha_content", "alpha"), ("beta_content", "beta"), ("beta_admin", "beta")):
        groups = waiting_for(_user(name))
        assert groups
        for group in groups:
            for matter in group.matters:
                path = matter.address.partition(":8000")[2]
                assert console(name, site).get(path).status_code == 200, (name, matter)


def test_the_bell_counts_and_leaves_out_what_is_silent(waiting_page, console):
    client = console("alpha_content", "alpha")
    assert client.get("/admin/waiting/count/").json() == {"total": 1, "late": 0}
    codes = [kind.code for kind in kinds()]
    client.post("/admin/waiting/", {"email": "", "bell": [code for code in codes if code != "review"]})
    assert client.get("/admin/waiting/count/").json() == {"total": 0, "late": 0}
    assert TITLE in client.get("/admin/waiting/").content.decode(), "silent is not hidden"


def test_settings_that_are_wrong_are_refused_and_kept_on_the_screen(db, console):
    client = console("alpha_content", "alpha")
    answer = client.post("/admin/waiting/", {"email": "no address", "mail": ["review"]}).content.decode()
    assert "“no address”不是邮箱地址" in answer and 'value="no address"' in answer
    assert "请填写收信的邮箱" in client.post("/admin/waiting/", {"email": "", "mail": ["review"]}).content.decode()
    assert not Reminders.objects.exists()
    client.post("/admin/waiting/", {"email": "a@example.gov.cn", "mail": ["review", "' OR 1"], "bell": "x"})
    assert Reminders.objects.get().mailed == ["review"]
    assert Entry.objects.get(act="account.reminders").detail == {"changes": {"email": ["", "a@example.gov.cn"]}}


def test_nobody_sets_them_for_somebody_else(db):
    with pytest.raises(Refused, match="由本人设置"):
        change_reminders(
            _user("alpha_content"),
            email="x@example.gov.cn",
            silent=[],
            mailed=["review"],
            acting_user=_user("alpha_admin"),
        )


def test_one_mail_a_day_with_numbers_and_no_titles(waiting_page):
    _wants("alpha_content", "review", "duty")
    now = timezone.now()
    assert [line["sent"] for line in send_daily_mails(now, dry_run=True)] == [False]
    assert [line["sent"] for line in send_daily_mails(now)] == [True]
    assert send_daily_mails(now) == []
    (message,) = mail.outbox
    assert message.to == ["somebody@example.gov.cn"]
    assert "待办 1 件" in message.subject
    assert f"等待审查：{get_tenant('alpha').full_name} 1 件" in message.body
    assert "http://alpha.console.localhost:8000/admin/waiting/" in message.body
    assert TITLE not in message.body + message.subject
    assert [line["sent"] for line in send_daily_mails(now + timedelta(days=1))] == [True]


def test_no_mail_without_anything_that_waits_or_without_wanting_it(waiting_page):
    _wants("beta_content", "review")
    _wants("alpha_secret", "review")
    _wants("alpha_content", "duty")
    assert send_daily_mails(timezone.now()) == []
    User.objects.filter(username="alpha_content").update(is_active=False)
    Reminders.objects.filter(user__username="alpha_content").update(mailed=["review"])
    assert send_daily_mails(timezone.now()) == []
    assert mail.outbox == []


def test_a_mail_that_cannot_be_sent_is_sent_by_the_next_run(waiting_page, settings):
    _wants("alpha_content", "review")
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    (line,) = send_daily_mails(timezone.now())
    assert (line["sent"], Reminders.objects.get().mailed_on) == (False, None)
    settings.REMINDERS_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_daily_mails(timezone.now())[0]["sent"]


def test_a_name_with_a_line_break_writes_no_header(waiting_page):
    user = _wants("alpha_content", "review")
    User.objects.filter(pk=user.pk).update(full_name="甲\nBcc: all@example.org")
    send_daily_mails(timezone.now())
    assert "Bcc" not in dict(mail.outbox[0].message().items())


def test_wagtail_itself_mails_nobody(waiting_page, settings):
    """Its notices would carry titles of what is under review to mailboxes outside."""
    assert settings.EMAIL_BACKEND.endswith(("dummy.EmailBackend", "locmem.EmailBackend"))
    User.objects.update(email="x@example.gov.cn")
    mail.outbox.clear()
    submit(draft_article(title=TITLE))
    assert mail.outbox == []


def test_two_workers_send_one_mail(own_database):
    with tenant_context(get_tenant("alpha")):
        submit(draft_article(title=TITLE))
    _wants("alpha_content", "review")
    sent, both = [], threading.Barrier(2)

    def work():
        both.wait()
        sent.extend(line["sent"] for line in send_daily_mails(timezone.now()))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sent.count(True) == 1


def test_by_the_verbs(verb, alpha):
    told = json.loads(verb("waiting", "--as", "alpha_content", "--json").stdout)
    assert (told["total"], told["waiting"]) == (0, [])
    assert json.loads(verb("send_daily_mails", "--dry-run", "--json").stdout) == {"mails": []}
    assert verb("waiting", "--as", "nobody", "--json").returncode == 3


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_site_keeps_nobody_from_what_waits_on_the_others(waiting_page, kind):
    decide_review(waiting_page, acting_user=_user("alpha_content"), approve=False, opinion="请补充落款。")
    Membership.objects.create(user=_user("alpha_editor"), tenant=get_tenant("beta"), role="editor")
    as_the_owner(BROKEN[kind][0])
    assert _kinds_of("alpha_editor")["returned"] == [TITLE]
    for user in User.objects.all():
        waiting_for(user)
