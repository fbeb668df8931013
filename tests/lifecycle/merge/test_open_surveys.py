"""A survey that is open while its site is merged goes on where its page is: nobody counts anew, no form is lost."""

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from govplatform.addresses.resolving import resolve_url
from govplatform.lifecycle.merge.carrying.running import carry, take_back
from govplatform.lifecycle.merge.proving import find_merge_faults
from govplatform.tenancy.hosts import forget_hosts, public_url
from sites.surveys.models import Answer, Survey, SurveySalt, SurveySender
from tests.cases.conftest import as_form, form_of

from .county import begin, closing, county

pytestmark = pytest.mark.django_db
__all__ = ["closing", "county"]
SAID = {"q99": "再公布一次。"}


def answered(page, sender):
    """The answer of the form of ``page`` on alpha to an opinion that comes from the address ``sender``."""
    client = Client(HTTP_HOST="alpha.localhost", REMOTE_ADDR=sender)
    path = f"/interaction/surveys/{page}/"
    return client.post(path, **as_form({**form_of(client.get(path)), **SAID}))


def test_an_address_that_answered_before_the_switch_has_answered(county, settings):
    settings.SURVEY_ANSWERS_PER_ADDRESS = 1
    beta, alpha, _application = county
    with tenant_context(beta):
        before = Survey.objects.get().pk
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    forget_hosts()
    with tenant_context(alpha):
        page = Survey.objects.get()
        place = public_url(alpha, page.get_url_parts()[2])
    for path in ("", "results/"):
        old = f"/interaction/surveys/{before}/{path}"
        answer = Client(HTTP_HOST="beta.localhost").get(old)
        assert (answer.status_code, answer.headers.get("Location")) == (301, place), old
        assert resolve_url(f"http://beta.localhost{old}").location == place
    again = answered(page.pk, "192.0.2.1")
    assert again.status_code == 422 and "已达到 1 份的上限" in again.content.decode()
    assert answered(page.pk, "192.0.2.2").status_code == 200
    with tenant_context(alpha):
        assert Answer.objects.count() == SurveySender.objects.count() == 2
    # What people do since is no fault of the merge, nor is it that all of it is forgotten in the end.
    assert find_merge_faults(merge)[1] == []


def test_taken_back_nothing_is_known_there_of_who_has_answered(county):
    _beta, alpha, _application = county
    merge = begin(county)
    carry(merge, progress=lambda *_: None)
    with tenant_context(alpha):
        assert answered(Survey.objects.get().pk, "192.0.2.2").status_code == 200
    take_back(merge)
    with tenant_context(alpha):
        assert not SurveySalt.objects.exists() and not SurveySender.objects.exists()
