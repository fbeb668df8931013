"""Whoever holds no role is refused by every act of the platform, at the moment that counts."""

import pytest

from govplatform.accounts.models import Membership, User
from govplatform.audit.models import Entry
from govplatform.refusals import Busy, Refused
from tests import factories

from . import (
    acts_of_addresses,
    acts_of_delivery,
    acts_of_errors,
    acts_of_guides,
    acts_of_interviews,
    acts_of_letters,
    acts_of_library,
    acts_of_life,
    acts_of_platform,
    acts_of_requests,
    acts_of_review,
    acts_of_search,
    acts_of_sites,
    acts_of_surveys,
    acts_of_writing,
)
from .acts import ACTS, Act, find_acts, roles_taken_away_at_the_lock
from .exceptions import EXCEPTIONS

assert acts_of_addresses and acts_of_delivery and acts_of_errors and acts_of_letters and acts_of_library
assert acts_of_guides and acts_of_life and acts_of_requests and acts_of_interviews and acts_of_surveys
assert acts_of_platform and acts_of_review and acts_of_search and acts_of_sites and acts_of_writing
BY_NAME = pytest.mark.parametrize("one", ACTS.values(), ids=list(ACTS))
#: Who does the same on the other site: their roles say nothing here.
_ELSEWHERE = {"alpha_editor": "beta_editor", "alpha_content": "beta_content", "alpha_secret": "beta_secret"}
#: An account is opened by whoever manages people on any site.
_ALSO_ELSEWHERE = {"govplatform.accounts.actions.create_user"}


@pytest.mark.unit
def test_every_act_is_either_tried_or_excepted_with_a_reason():
    assert find_acts() == set(ACTS) | set(EXCEPTIONS)
    assert not set(ACTS) & set(EXCEPTIONS)
    assert all(EXCEPTIONS.values())


def refuse(one: Act, doing: object, username: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        doing(factories.user(username))
    assert not isinstance(caught.value, Busy)
    assert Entry.objects.count() == before, f"{one.name} is on record although it was refused"


def refuse_when_the_role_goes(one: Act, doing: object, person: User) -> None:
    with roles_taken_away_at_the_lock(person) as taken, pytest.raises(Refused):
        doing(person)
    assert taken, f"{one.name} holds no role until it ends (govplatform.accounts.acting)"
    assert Membership.objects.filter(user=person).exists(), "what was undone was undone as a whole"


@BY_NAME
def test_nobody_acts_without_a_role_nor_with_one_that_goes_while_the_act_waits(one, alpha):
    doing, person = one.prepare(), factories.user(one.may)
    refuse(one, doing, "outsider")
    if one.may in _ELSEWHERE and one.name not in _ALSO_ELSEWHERE:
        refuse(one, doing, _ELSEWHERE[one.may])
    if one.rests_on_role:
        refuse_when_the_role_goes(one, doing, person)
    # The same call by the right person goes through: it was the person that was refused.
    doing(factories.user(one.may))
