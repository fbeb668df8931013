"""An order to shut a site does not ask how far its retirement is; the retirement goes on where it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from govplatform.lifecycle.models import SiteApplication, SiteNotice
from govplatform.lifecycle.states.actions import carry_out, reasons_against_merging
from govplatform.refusals import Refused
from govplatform.tenancy.freezing import words_of
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant

from .life import approve, approve_to_the_end, clear_notices, file, merge_asked_for, paper, retiring
from .test_offline import in_days, tick

pytestmark = pytest.mark.django_db


def shut(site="beta"):
    report = file("offline", site, ground="ordered")
    carry_out(report.pk)
    return report


def test_a_retiring_site_is_shut_by_order_and_retires_on_when_it_is_back(citizen, console):
    application = retiring()
    until = SiteNotice.objects.get(kind="migration").until
    report = shut()
    assert get_tenant("beta").status == "offline" and citizen("beta").get("/").status_code == 503
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    assert reasons_against_merging(beta, alpha) == [f"“{beta}”正在临时下线，内容不能并入，请先申请开通恢复，再并入。"]
    # Neither another retirement nor its next step is offered until it is back.
    assert "kind=retire" not in console("beta_admin", "beta").get("/admin/site-applications/").content.decode()
    step = f"/admin/site-applications/{application.pk}/"
    assert "拟定并入方案" not in console("operator", "console").get(step).content.decode()
    with pytest.raises(Refused, match="恢复后接着办理"):
        file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])
    # Nobody could read the notice for ten days: its term is ten days longer.
    SiteApplication.objects.filter(pk=report.pk).update(carried_out_at=timezone.now() - timedelta(days=10))
    SiteNotice.objects.filter(kind="migration").update(live_at=timezone.now() - timedelta(days=10))
    approve_to_the_end(report)
    approve_to_the_end(file("open"))
    assert get_tenant("beta").status == "retiring"
    assert "拟定并入方案" in console("operator", "console").get(step).content.decode()
    answer = citizen("beta").get("/")
    assert answer.status_code == 200 and "本站即将关停" in answer.content.decode()
    assert reasons_against_merging(get_tenant("beta"), alpha) == []
    assert SiteNotice.objects.get(kind="migration").until == until


def test_it_is_back_as_it_was_when_the_report_is_not_accepted_or_its_day_has_come():
    retiring()
    report = approve(shut(), approve=False)
    carry_out(report.pk)
    assert get_tenant("beta").status == "retiring"
    carry_out(file("offline", "beta", ground="force-majeure", until=in_days(2)).pk)
    assert get_tenant("beta").status == "offline"
    Tenant.objects.filter(code="beta").update(offline_until=timezone.now() - timedelta(minutes=1))
    tick()
    assert get_tenant("beta").status == "retiring"


def test_what_is_no_order_is_refused_with_the_grounds_that_are_accepted(console):
    retiring()
    with pytest.raises(Refused) as refused:
        file("offline", "beta", ground="maintenance", until=in_days(3))
    told = "".join(refused.value.reasons)
    assert "现在是“关停中”，不能申请临时下线" in told and "“主管部门责令下线”、“不可抗力”" in told
    screen = console("beta_admin", "beta").get("/admin/site-applications/new/?kind=offline").content.decode()
    assert "主管部门责令下线" in screen and "整改、升级" not in screen


def test_a_retirement_does_not_lift_an_order():
    shut()
    application = approve_to_the_end(
        file("retire", ground="division-change", papers=[paper("approval"), paper("division-change")])
    )
    clear_notices(application)
    assert SiteApplication.objects.get(pk=application.pk).carried_out_at
    assert get_tenant("beta").status == "offline"
    approve_to_the_end(file("open"))
    assert get_tenant("beta").status == "retiring"


def test_while_it_is_being_merged_the_refusal_says_the_way():
    merge_asked_for()
    with pytest.raises(Refused) as refused:
        shut()
    beta = get_tenant("beta")
    assert refused.value.reasons[0] == words_of(beta) and "先退回这次并入，再报备下线" in refused.value.reasons[1]
