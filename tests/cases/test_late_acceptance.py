"""What was accepted behind its limit is counted, and stays counted whatever becomes of it."""

import re
from datetime import UTC, datetime
from html import unescape

from govplatform.cases.actions import accept_case, close_case
from govplatform.cases.models import Case, CaseTally
from govplatform.cases.statistics import case_statistics, compare_tally
from govplatform.cases.tally import count_anew, fold_tally
from govplatform.tenancy.queries import get_tenant

from .conftest import send_in
from .test_life import cleared, handed_in, person
from .test_verbs import say  # noqa: F401

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)


def _late_at_the_desk():
    taken = send_in()
    Case.objects.filter(pk=taken.case.pk).update(accept_due=LONG_AGO)
    return taken


def test_late_acceptance_is_counted_and_stays_so(desk, console, citizen, say):  # noqa: F811
    in_time, late = send_in().case, _late_at_the_desk()
    accept_case(in_time, acting_user=person("alpha_clerk"))
    assert case_statistics()["accepted_late"] == 0
    case, page = handed_in(taken=late)
    assert case_statistics(site=desk)["accepted_late"] == 1 and compare_tally() == []
    cleared(page)
    other = _late_at_the_desk().case
    accept_case(other, acting_user=person("alpha_clerk"))
    close_case(Case.objects.get(pk=other.pk), acting_user=person("alpha_clerk"), reason="重复来信")
    # Never accepted: late as what waits, or closed at once, and no acceptance.
    close_case(_late_at_the_desk().case, acting_user=person("alpha_clerk"), reason="重复来信")
    _late_at_the_desk()
    for again in (fold_tally, count_anew):
        assert case_statistics()["accepted_late"] == 2 and compare_tally() == []
        again()
    CaseTally.objects.update(accepted_late=7)
    assert compare_tally() != [] and say("case_statistics", "--anew", "--check")["ok"]

    [row] = say("case_statistics", "--sites")["desks"]
    assert (row["site"], row["accepted_late"]) == ("alpha", 2)
    overseer = console("supervisor", "console")
    shown = overseer.get("/admin/cases/sites/").content.decode()
    found = re.findall(r'data-label="逾期受理"><a href="([^"]+)" class="bad">(\d+)</a>', shown)
    assert [int(number) for _address, number in found] == [2, 2, 1]
    for address, number in found:
        assert overseer.get(unescape(address)).content.decode().count('<td class="title">') == int(number)
    clerk = console("alpha_clerk", "alpha").get("/admin/cases/?show=accepted_late").content.decode()
    assert clerk.count('<td class="title">') == 2 and case.number in clerk
    assert "逾期受理" in citizen("alpha").get("/interaction/statistics/").content.decode()
    assert get_tenant("alpha") == desk
