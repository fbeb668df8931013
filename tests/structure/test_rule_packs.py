"""规则包 are complete and differ where the provinces differ."""

import pytest

from govplatform.refusals import Refused
from govplatform.rule_packs.packs import available_rule_packs, load_rule_pack

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("code", available_rule_packs())
def test_every_pack_loads_with_checklists_and_sources(code):
    pack = load_rule_pack(code)
    assert pack.checklists["content"]
    assert pack.checklists["confidentiality"]
    assert all(limit["source"] for limit in pack.limits.values())


def test_a_province_overrides_what_it_states_and_inherits_the_rest():
    national, jiangsu = load_rule_pack("national"), load_rule_pack("jiangsu")
    assert (national.limit("repost_important_policy"), jiangsu.limit("repost_important_policy")) == (24, 12)
    assert jiangsu.limit("offline_days") == national.limit("offline_days")


def test_an_unknown_pack_is_refused_with_what_there_is():
    with pytest.raises(Refused, match="national"):
        load_rule_pack("atlantis")


def test_a_name_cannot_leave_the_folder():
    with pytest.raises(Refused):
        load_rule_pack("../national")
