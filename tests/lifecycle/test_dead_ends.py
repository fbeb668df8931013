"""Nothing is granted that could not be carried out."""

from dataclasses import replace

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.lifecycle.applications.actions import withdraw_application
from govplatform.lifecycle.applications.showing import row_of
from govplatform.lifecycle.models import SiteApplication, SiteNotice
from govplatform.lifecycle.notices.actions import put_up_notices
from govplatform.lifecycle.site_record import change_site_record
from govplatform.refusals import Refused
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.rule_packs.stated import state_packs

from .life import approve, approve_to_the_end, clear_notices, file, paper
from .test_offline import in_days, tick

pytestmark = pytest.mark.django_db


def retirement(site="beta", **asked):
    papers = [paper("approval"), paper("division-change")]
    return file("retire", site, ground="division-change", papers=papers, **asked)


def test_a_destination_that_ended_meanwhile_is_seen_by_the_last_approval():
    application = approve(retirement())
    Tenant.objects.filter(code="alpha").update(status="retired")
    with pytest.raises(Refused, match="不能迁入内容"):
        approve(application)
    assert approve(application, approve=False).state == SiteApplication.State.REJECTED


def test_a_site_to_which_others_come_does_not_go_before_they_are_here():
    """Their content would have no place: nobody can name another one any more."""
    approve_to_the_end(retirement("beta"))
    with pytest.raises(Refused, match="请先完成它的并入"):
        retirement("alpha", into="beta")
    clear_notices(SiteApplication.objects.get())
    with pytest.raises(Refused, match="请先完成它的并入"):
        retirement("alpha", into="beta")


def test_nothing_is_granted_into_a_site_that_may_go_itself():
    """It waited for its notice alone; afterwards nothing could come into it, and the others could go nowhere else."""
    above = NewSite("gamma", "gamma.localhost", "gamma.console.localhost", "云江省人民政府", "portal", "province")
    open_site(above, acting_user=None, verb="create_site")
    pending = approve(retirement("beta"))
    going = approve_to_the_end(retirement("alpha", into="gamma"))
    with pytest.raises(Refused, match=f"自己的关停（申请编号 {going.pk}）已获批准"):
        approve(pending)
    approve(pending, approve=False)
    with pytest.raises(Refused, match="请写明别的网站"):
        retirement("beta")
    assert retirement("beta", into="gamma").pk


def test_a_site_goes_into_none_below_it():
    """The merge refuses that: the site would have been announced and could never go."""
    with pytest.raises(Refused, match="上级站点不能并入下级站点"):
        retirement("alpha", into="beta")


GROUNDS = """
[[grounds.retire]]
code = "organiser-ended"
text = "主办单位撤销或者合并"
article = "平台约定"

[[grounds.offline]]
code = "other"
text = "其他原因"
article = "平台约定"
"""


@pytest.mark.parametrize("kind", ["retire", "offline"])
def test_rules_that_change_on_the_way_are_those_of_the_last_approval(settings, tmp_path, kind):
    """A ground that the rules no longer know is none: nothing rests on it, and no limit is passed over."""
    application = retirement("beta") if kind == "retire" else file("offline", "beta", until=in_days(5))
    application = approve(application)
    state_packs(settings, tmp_path, changed=GROUNDS)
    Tenant.objects.filter(code="beta").update(rule_pack="changed")
    with pytest.raises(Refused, match="请写明"):
        approve(application)
    assert approve(application, approve=False).state == SiteApplication.State.REJECTED


def test_what_was_granted_and_waits_for_its_notices_can_be_taken_back():
    """The reviewers never clear a notice with the wrong host: without a way back the site could never change again."""
    application = approve_to_the_end(file("change", wanted={"domain": "wrong.localhost"}))
    notice = application.notices.get()
    with pytest.raises(Refused, match="没有办结"):
        file("change", wanted={"domain": "right.localhost"})
    application = withdraw_application(application, acting_user=factories.user("beta_admin"), reason="域名写错。")
    assert application.state == "withdrawn"
    tick()
    assert not SiteNotice.objects.exists() and not put_up_notices(application.pk)
    with tenant_context(notice.site):
        assert not Page.objects.filter(pk=notice.page_id).exists()
    moved = approve_to_the_end(file("change", wanted={"domain": "right.localhost"}))
    clear_notices(moved)
    assert get_tenant("beta").public_host == "right.localhost"
    with pytest.raises(Refused, match="不能撤回"):
        withdraw_application(moved, acting_user=factories.user("beta_admin"), reason="不改了。")


def test_of_a_notice_that_is_up_already_nothing_stays_when_its_application_is_taken_back():
    application = approve_to_the_end(file("offline", "beta", until=in_days(5)))
    first = application.notices.get(site__code="alpha")
    with tenant_context(first.site):
        for reviewer in ("alpha_content", "alpha_secret"):
            factories.approve(Page.objects.get(pk=first.page_id).specific, reviewer)
    withdraw_application(application, acting_user=factories.user("beta_admin"), reason="改期。")
    tick()
    left = SiteNotice.objects.get()
    assert (left.pk, bool(left.down_at), get_tenant("beta").status) == (first.pk, True, "live")
    assert file("offline", "beta", until=in_days(3)).pk


def test_two_sites_do_not_wait_for_the_same_host():
    first = approve_to_the_end(file("change", wanted={"domain": "shared.localhost"}))
    with pytest.raises(Refused, match=f"已先申请使用域名“shared.localhost”（编号 {first.pk}）"):
        file("change", "alpha", wanted={"domain": "shared.localhost"})
    new = NewSite("gamma", "shared.localhost", "gamma.console.localhost", "云江省澄州市教育局", "department", "city")
    with pytest.raises(Refused, match="已先申请使用域名"):
        open_site(new, acting_user=None, verb="create_site")


def test_a_host_that_somebody_else_got_meanwhile_is_waited_for_no_longer():
    application = approve_to_the_end(file("change", wanted={"domain": "lost.localhost", "organiser": "白石县政府办"}))
    Domain.objects.create(tenant=get_tenant("alpha"), domain="lost.localhost", kind="public", is_primary=False)
    tick()
    application.refresh_from_db()
    assert application.has_lapsed and "没有执行" in row_of(application, timezone.now()).waits_for
    tick()
    assert not SiteNotice.objects.filter(down_at=None).exists() and get_tenant("beta").public_host == "beta.localhost"
    assert file("change", wanted={"domain": "other.localhost"}).pk


def test_what_waited_when_its_site_was_closed_is_waited_for_no_longer():
    """Nothing can be cleared on a closed site; what nobody can end kept the site from being dropped."""
    application = approve_to_the_end(file("change", wanted={"domain": "late.localhost"}))
    Tenant.objects.filter(code="beta").update(status="retired")
    tick()
    application.refresh_from_db()
    assert application.has_lapsed and not SiteNotice.objects.filter(down_at=None).exists()


def test_two_sites_do_not_wait_for_the_same_identity_code():
    code = "5301000099"
    first = file("change", wanted={"identity_code": code})
    told = f"已先申请使用网站标识码“{code}”（编号 {first.pk}）"
    with pytest.raises(Refused, match=told):
        file("change", "alpha", wanted={"identity_code": code})
    new = NewSite("gamma", "gamma.localhost", "gamma.console.localhost", "云江省澄州市教育局", "department", "city")
    with pytest.raises(Refused, match=told):
        open_site(replace(new, identity_code=code), acting_user=factories.user("operator"))
    with pytest.raises(Refused, match=told):
        change_site_record(
            get_tenant("alpha"), acting_user=factories.user("operator"), reason="更正。", identity_code=code
        )
    approve_to_the_end(first)
    assert get_tenant("beta").identity_code == code
