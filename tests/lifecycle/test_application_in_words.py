"""What stands on the screens of applications: who may decide, what is waited for, what a site asks for."""

import pytest
from django.urls import reverse
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import Membership
from govplatform.lifecycle.models import Merge, SiteNotice
from govplatform.lifecycle.states.actions import announce_completion
from govplatform.refusals import Refused
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from tests import factories

from .life import approve_to_the_end, asked_merge, clear_notices, file, paper
from .test_offline import in_days, offline

pytestmark = pytest.mark.django_db
__all__ = ["asked_merge"]


def screen(console, name="site_applications", *args, who="operator", site="console", **query):
    address = reverse(name, args=args, urlconf="govplatform.console.urls")
    return console(who, site).get(address, query).content.decode()


def send_back(notice, opinion):
    with tenant_context(notice.site):
        page = Page.objects.get(pk=notice.page_id).specific
        decide_from_the_shell(
            page, acting_user=factories.user(f"{notice.site.code}_content"), approve=False, opinion=opinion
        )


def test_the_list_and_the_application_name_who_may_decide_now(console):
    application = file("offline", "beta", until=in_days(10))
    names = {factories.user("supervisor").signed_name}
    told = "现在可由 " + "、".join(names)
    assert told in screen(console) and told in screen(console, "site_application", application.pk)
    assert told in screen(console, who="beta_admin", site="beta")
    Membership.objects.filter(role="supervisor").delete()
    assert "还没有可以审批的监管员" in screen(console)


def test_a_notice_that_was_returned_is_not_said_to_be_under_review(console):
    application = approve_to_the_end(file("offline", "beta", until=in_days(10)))
    assert "等待公告审核发布" in screen(console)
    send_back(application.notices.get(site__code="beta"), "日期有误。")
    for shown in (screen(console), screen(console, "site_application", application.pk)):
        assert "等待公告审核发布" not in shown and "审核人退回" in shown


def test_the_merge_says_that_its_completion_notice_was_returned_and_leads_to_its_application(console, asked_merge):
    from govplatform.lifecycle.merge.running import run_merge

    merge = run_merge(asked_merge)
    assert merge.state == Merge.State.MOVED
    announce_completion(merge.application)
    notice = SiteNotice.objects.get(application=merge.application, kind="completion")
    assert "已在" in screen(console, "lifecycle_merge", merge.pk)
    send_back(notice, "去向写得不清楚。")
    shown = screen(console, "lifecycle_merge", merge.pk)
    assert "请该站的审核人办理" not in shown and "去向写得不清楚。" in shown and "重新送审" in shown
    led = f'href="{reverse("site_application", args=[merge.application_id], urlconf="govplatform.console.urls")}"'
    assert led in shown
    # The site that takes over has no screen of the other one's application.
    assert led not in screen(console, "lifecycle_merge", merge.pk, who="alpha_admin", site="alpha")


def test_a_site_that_is_offline_asks_to_come_back_and_not_to_open(console):
    offline(10)
    before = screen(console, who="beta_admin", site="beta")
    assert "申请恢复上线" in before and "申请开通" not in before
    form = screen(console, "site_application_new", who="beta_admin", site="beta", kind="open")
    assert "申请恢复上线" in form and "申请开通" not in form
    application = file("open", "beta", reason="检修提前完成。")
    approve_to_the_end(application)
    clear_notices(application)
    for shown in (screen(console, "site_application", application.pk), screen(console)):
        assert "恢复上线" in shown
    assert "开通：" not in screen(console, "site_application", application.pk)


def test_a_paper_that_cannot_be_taken_is_told_of_once():
    with pytest.raises(Refused) as refused:
        file("retire", "beta", ground="division-change", papers=[paper("approval", name="批复.exe")])
    reasons = refused.value.reasons
    assert sum("批复.exe" in reason and "格式" in reason for reason in reasons) == 1
    named = next(reason for reason in reasons if "批复.exe" in reason).partition("：")[0]
    assert named and not any("缺少材料" in reason and named in reason for reason in reasons)
