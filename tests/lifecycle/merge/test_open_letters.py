"""A site with open letters, taken in or answered there, is neither merged, retired nor dropped; none come in."""

import pytest
from django.utils import timezone

from govplatform.cases.actions import accept_case, assign_case, close_case, return_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.cases.models import Case
from govplatform.lifecycle.ending.actions import request_work
from govplatform.lifecycle.merge.actions import confirm_merge, request_merge
from govplatform.lifecycle.merge.running import run_merge
from govplatform.lifecycle.models import Merge, SiteDump
from govplatform.lifecycle.states.actions import retire_site
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories

from ..ending.ended import ended
from ..life import asked_merge, carried_merge, retiring_beta

pytestmark = pytest.mark.django_db
__all__ = ["asked_merge", "carried_merge", "retiring_beta"]


def written(site="beta", desk=None):
    letter = read_letter("consultation", "路灯", "路灯坏了。", may_publish=False)
    return submit_case(letter, get_tenant(site), nonce=new_nonce(), desk=desk).case


def merge(**more):
    return request_merge(
        get_tenant("beta"), get_tenant("alpha"), acting_user=factories.user("operator"), queued=False, **more
    )


def test_a_portal_that_retires_takes_in_no_more_and_ends_what_it_has(retiring_beta):
    case = written(desk=get_tenant("beta"))
    assert written().desk == get_tenant("alpha")
    with pytest.raises(Refused) as refused:
        merge()
    told = "".join(refused.value.reasons)
    assert "受理的来信还有 1 件没有办结" in told and "http://beta.console.localhost:8000/admin/cases/" in told
    assert not get_tenant("beta").frozen and not Merge.objects.exists()
    with pytest.raises(Refused, match="还有 1 件没有办结"):
        retire_site(get_tenant("beta"), acting_user=factories.user("operator"))
    clerk = factories.user("beta_clerk")
    # Passed on or accepted is not ended.
    case = accept_case(case, acting_user=clerk)
    assign_case(case, get_tenant("beta"), acting_user=clerk)
    with pytest.raises(Refused, match="还有 1 件没有办结"):
        merge()
    close_case(case, acting_user=clerk, reason="已当面答复")
    assert merge().state == "queued"
    assert get_tenant("beta").frozen and written().desk == get_tenant("alpha")


def test_letters_of_a_portal_below_another_are_no_reason(retiring_beta):
    assert written().desk == get_tenant("alpha")
    assert merge().state == "queued"


def test_letters_that_a_site_answers_for_another_desk_are_answered_or_given_back_first(retiring_beta):
    case = accept_case(written(), acting_user=factories.user("alpha_clerk"))
    case = assign_case(case, get_tenant("beta"), acting_user=factories.user("alpha_clerk"))
    with pytest.raises(Refused, match=rf"承办的来信还有 1 件没有办结（{case.number}）.*答复或者退回.*改派其他站点"):
        merge()
    with pytest.raises(Refused, match="承办的来信还有 1 件没有办结"):
        retire_site(get_tenant("beta"), acting_user=factories.user("operator"))
    return_case(case, acting_user=factories.user("beta_editor"), reason="本站即将并入")
    assert merge().state == "queued"


def test_one_that_lies_with_a_merged_site_is_passed_on_by_its_desk_in_whatever_state(carried_merge, console):
    case = accept_case(written(desk=get_tenant("alpha")), acting_user=factories.user("alpha_clerk"))
    Case.objects.filter(pk=case.pk).update(state="in_review", organisation=get_tenant("beta"))
    desk = console("alpha_clerk", "alpha")
    assert "不能再办理，请改派" in desk.get("/admin/cases/").content.decode()
    shown = desk.get(f"/admin/cases/{case.pk}/").content.decode()
    assert "不能再办理，请改派" in shown and 'name="act" value="assign"' in shown
    case = assign_case(Case.objects.get(pk=case.pk), get_tenant("alpha"), acting_user=factories.user("alpha_clerk"))
    assert (case.organisation, case.state) == (get_tenant("alpha"), "assigned")
    assert "不能再办理，请改派" not in desk.get("/admin/cases/").content.decode()


def test_one_that_slipped_in_has_the_merge_refused_and_the_site_open_again(asked_merge):
    written(desk=get_tenant("beta"))
    done = run_merge(asked_merge)
    assert done.state == "refused" and "还有 1 件没有办结" in "".join(done.reasons)
    assert not get_tenant("beta").frozen


def test_one_that_slipped_in_later_has_to_be_ended_before_the_merge_is_confirmed(carried_merge):
    case = written(desk=get_tenant("beta"))
    with pytest.raises(Refused, match=r"还有 1 件没有办结，站点只读时不能办理.*移交其他门户；或者先退回这次并入"):
        confirm_merge(Merge.objects.get(pk=carried_merge), acting_user=factories.user("operator"))
    Case.objects.filter(pk=case.pk).update(state="closed", ended_at=timezone.now())
    confirm_merge(Merge.objects.get(pk=carried_merge), acting_user=factories.user("operator"))
    assert get_tenant("beta").status == "retired"


def test_a_retired_one_is_not_dropped(tmp_path):
    beta = ended(tmp_path / "archive")
    case = written("alpha", desk=beta)
    with pytest.raises(Refused) as refused:
        request_work("drop", beta, acting_user=factories.user("operator"))
    assert ["还有 1 件没有办结" in one for one in refused.value.reasons] == [True]
    Case.objects.filter(pk=case.pk).update(state="replied", ended_at=timezone.now())
    assert request_work("drop", beta, acting_user=factories.user("operator")).kind == SiteDump.Kind.DROP


def test_the_topmost_portal_says_that_it_takes_in_nothing(citizen):
    Tenant.objects.filter(code="alpha").update(status="retiring")
    with pytest.raises(Refused, match="暂时不能接收来信"):
        written("alpha")
    page = citizen("alpha").get("/interaction/write/").content.decode()
    assert "暂时不能" in page and "<textarea" not in page
    assert citizen("alpha").get("/interaction/ask/").status_code == 200
