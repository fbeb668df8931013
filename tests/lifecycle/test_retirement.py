"""A site retires: refused with everything that is missing, approved level by level, announced, then retiring."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.lifecycle.models import SiteApplication, SiteNotice
from govplatform.lifecycle.states.actions import (
    announce_completion,
    reasons_against_merging,
    retire_site,
)
from govplatform.lifecycle.states.queries import site_status
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.tenancy.queries import get_tenant
from tests import factories

from .life import approve, approve_to_the_end, clear_notices, file, paper, retiring

pytestmark = pytest.mark.django_db


def status_of(code):
    return get_tenant(code).status


def test_a_portal_is_refused_with_ground_and_both_papers_named_at_once():
    with pytest.raises(Refused) as refused:
        file("retire", "beta", reason="")
    told = "".join(refused.value.reasons)
    words = ("申请理由", "门户网站", "“行政区划调整”", "“主办单位撤销或者合并”", "“同意关停的批准文件”")
    for word in words:
        assert word in told
    assert "division-change" not in told
    assert SiteApplication.objects.count() == 0


def test_a_portal_does_not_retire_to_be_consolidated():
    with pytest.raises(Refused, match="门户网站除以下情形外"):
        file("retire", ground="consolidation", papers=[paper("approval"), paper("division-change")])


def test_its_content_goes_into_the_superior_site_unless_another_is_named():
    application = file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])
    assert application.into == get_tenant("alpha")
    assert application.levels == ["alpha", "console"]


def test_without_a_superior_the_destination_has_to_be_named():
    with pytest.raises(Refused, match="内容迁入哪个"):
        file("retire", "alpha", ground="division-change", papers=[paper("approval"), paper("division-change")])


def test_it_is_approved_level_by_level_and_the_state_waits_for_the_notice():
    application = file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])
    application = approve(application)
    assert (application.state, application.level) == ("pending", "console")
    application = approve_to_the_end(application)
    assert application.state == "approved" and application.carried_out_at is None
    assert status_of("beta") == "live"
    notice = SiteNotice.objects.get(application=application)
    assert (notice.kind, notice.site.code, notice.live_at) == ("migration", "beta", None)
    with tenant_context(notice.site):
        page = Page.objects.get(pk=notice.page_id)
        assert page_status(page) == "in_review"
        assert "迁移" in page.title
    [told] = site_status(get_tenant("beta"))["notices"]
    assert (told["status"], told["url"], told["kind"]) == ("in_review", None, "migration")
    clear_notices(application)
    assert status_of("beta") == "retiring"
    [told] = site_status(get_tenant("beta"))["notices"]
    assert told["status"] == "live" and told["url"].startswith("http") and told["until"]


def test_nobody_who_filed_approves_nor_reviews_the_notice():
    application = file(
        "retire", who="operator", ground="division-change", papers=[paper("approval"), paper("division-change")]
    )
    with pytest.raises(Refused, match="不是监管员"):
        approve(application, "operator")
    from govplatform.accounts.actions import grant_role

    grant_role(factories.user("operator"), "supervisor", tenant=get_tenant("console"), acting_user=None)
    with pytest.raises(Refused, match="不能自己审批"):
        approve(application, "operator")


def test_a_rejection_ends_it_and_is_on_record():
    application = file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])
    application = approve(application, approve=False)
    assert application.state == "rejected" and status_of("beta") == "live"
    acts = set(Entry.objects.filter(chain=get_tenant("beta").schema_name).values_list("act", flat=True))
    assert {"application.file", "application.reject"} <= acts
    with pytest.raises(Refused, match="没有待办"):
        approve(application)


def test_two_at_once_decide_two_levels_only_if_they_meant_to():
    application = file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])
    approve(application, expected_step=0)
    with pytest.raises(Refused, match="刚由他人审批"):
        approve(application, expected_step=0)


def test_every_page_of_a_retiring_site_carries_the_banner(citizen):
    retiring()
    with tenant_context(get_tenant("beta")):
        page = factories.live_article("beta")
        path = page.url_path.removeprefix("/home")
    for address in ("/", path, "/news/", "/sitemap/"):
        answer = citizen("beta").get(address)
        assert answer.status_code == 200, address
        assert "本站即将关停" in answer.content.decode(), address
    notice = SiteNotice.objects.get(kind="migration")
    with tenant_context(notice.site):
        address = Page.objects.get(pk=notice.page_id).url_path.removeprefix("/home")
    assert f'href="{address}"' in answer.content.decode()
    assert "本站即将关停" not in citizen("alpha").get("/").content.decode()


def test_the_merge_finds_what_it_needs():
    application = retiring()
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    assert reasons_against_merging(beta, alpha) == []
    assert "不是" in reasons_against_merging(beta, get_tenant("console"))[0]
    assert "没有已批准" in reasons_against_merging(alpha, beta)[0]
    SiteNotice.objects.filter(application=application).update(down_at="2026-01-01T00:00Z")
    assert "迁移公告" in reasons_against_merging(beta, alpha)[0]


def test_a_site_is_retired_when_the_other_site_says_where_its_content_went(citizen):
    application = retiring()
    beta = get_tenant("beta")
    with pytest.raises(Refused, match="关停完成公告"):
        retire_site(beta, acting_user=factories.user("operator"))
    notice = announce_completion(application)
    assert notice.site.code == "alpha"
    clear_notices(application)
    with pytest.raises(Refused, match="只有平台运维人员"):
        retire_site(beta, acting_user=factories.user("beta_admin"))
    retire_site(beta, acting_user=factories.user("operator"))
    assert status_of("beta") == "retired"
    answer = citizen("beta").get("/news/")
    assert answer.status_code == 410 and "关停" in answer.content.decode()
