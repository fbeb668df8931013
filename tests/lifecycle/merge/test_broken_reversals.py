"""A reversal that was killed near its end, and one that is met by somebody who verifies the merge."""

import pytest

from govplatform.audit.models import Entry
from govplatform.lifecycle.merge import running
from govplatform.lifecycle.merge.actions import request_merge, revert_merge
from govplatform.lifecycle.merge.running import verify_merge
from govplatform.lifecycle.merge.showing import news_of
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests import factories

from ..life import carried_merge

pytestmark = pytest.mark.django_db
__all__ = ["carried_merge"]


def verified_in_alpha():
    return Entry.objects.filter(chain=get_tenant("alpha").schema_name, act="merge.verify").count()


def test_a_reversal_that_was_killed_after_its_rows_had_gone_is_ended(carried_merge, monkeypatch):
    """It said that everything was taken back, and the source stayed closed for good."""
    merge, operator = Merge.objects.get(pk=carried_merge), factories.user("operator")

    def killed(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as at_the_end:
        at_the_end.setattr(running, "take_offers_back", killed)
        with pytest.raises(KeyboardInterrupt):
            revert_merge(merge, acting_user=operator, reason="改期办理。")
    merge.refresh_from_db()
    assert (merge.state, get_tenant("beta").frozen) == ("reverted", True)
    told = news_of(merge)
    assert told["running"] and not told["at_work"] and told["label"] == "退回中"
    with pytest.raises(Refused, match=f"第 {merge.pk} 号并入的退回中断了"):
        request_merge(get_tenant("beta"), get_tenant("alpha"), acting_user=operator)
    with pytest.raises(Refused, match="只有平台运维人员或监管员"):
        revert_merge(merge, acting_user=factories.user("beta_admin"), reason="改期办理。")
    merge = revert_merge(merge, acting_user=operator, reason="改期办理。")
    assert merge.ended_at and not get_tenant("beta").frozen and not news_of(merge)["running"]
    with pytest.raises(Refused, match="不能退回"):
        revert_merge(merge, acting_user=operator, reason="改期办理。")


def test_what_is_taken_back_while_it_is_verified_is_no_fault_of_the_merge(carried_merge, monkeypatch):
    """The proof read half of what was being removed, and told the record of faults that there never were."""
    merge = Merge.objects.get(pk=carried_merge)
    find = running.find_merge_faults

    def found_too_late(*given):
        revert_merge(Merge.objects.get(pk=merge.pk), acting_user=factories.user("operator"), reason="改期办理。")
        return find(*given)

    monkeypatch.setattr(running, "find_merge_faults", found_too_late)
    before = verified_in_alpha()
    with pytest.raises(Refused, match="没有可核对的内容"):
        verify_merge(merge)
    assert Merge.objects.get(pk=merge.pk).verified_at == merge.verified_at
    assert verified_in_alpha() == before
