"""Nothing is granted that could not be carried out."""

import pytest

from govplatform.lifecycle.models import SiteApplication
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from tests.rule_packs.stated import state_packs

from .life import approve, approve_to_the_end, clear_notices, file, paper
from .test_offline import in_days

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
