"""Words of terms and of a site's record take the same way: scanned, confirmed by a second person, public after that."""

import pytest
from django.core.exceptions import ValidationError

from content_library.vocabularies.actions import add_term, merge_terms, move_term, rename_term
from content_library.vocabularies.exchange import import_terms
from content_library.vocabularies.models import Term
from content_library.vocabularies.queries import get_term, term_label, terms_of
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.lifecycle.site_record import change_site_record
from govplatform.refusals import Refused
from govplatform.review.frame.queries import find_frame_faults, find_shared_faults
from govplatform.tenancy.models import Tenant
from tests import factories
from tests.review.frame.frame_cases import SECRET, confirm, waiting

from .conftest import refused

# --- terms and the site's record ------------------------------------------------------------
from .public_home import public_home


def test_an_operator_s_secret_in_a_term_is_refused(alpha):
    operator, term = factories.user("operator"), get_term("subject", "0203")
    for words in ({"label": "机密★10年"}, {"aliases": [SECRET]}, {"note": SECRET}):
        with pytest.raises(Refused, match="机密"):
            rename_term(term, acting_user=operator, **words)
    with pytest.raises(Refused, match="机密"):
        add_term("subject", "机密★10年", acting_user=operator)
    answer = import_terms("subject", "code,label\n0203,机密★10年\n", acting_user=operator)
    assert "机密" in answer.reasons[0]
    assert find_shared_faults() == []


def test_an_operator_s_new_name_of_a_term_waits_for_another(alpha):
    operator, term = factories.user("operator"), get_term("subject", "0203")
    rename_term(term, label="新的名称", acting_user=operator)
    assert terms_of("subject")["0203"].label == term.label
    with pytest.raises(Refused, match="不能自己确认"):
        confirm(waiting(term), "operator")
    with pytest.raises(Refused, match="平台运维人员或监管员"):
        confirm(waiting(term), "alpha_content")
    confirm(waiting(term), "supervisor")
    assert terms_of("subject")["0203"].label == "新的名称"
    assert find_shared_faults() == []


def test_words_from_behind_the_application_do_not_wander_by_a_merge(alpha):
    source, target = get_term("subject", "0201"), get_term("subject", "0203")
    Term.objects.filter(pk=source.pk).update(label=SECRET)
    with pytest.raises(Refused, match="未经确认"):
        merge_terms(source, target, acting_user=factories.user("operator"))
    Term.objects.filter(pk=source.pk).update(label=source.label)
    merge_terms(source, target, acting_user=factories.user("operator"))
    assert find_shared_faults() == []


def test_a_term_in_use_is_not_moved_under_one_that_nobody_confirmed(alpha):
    """Its label would be read on every page behind that of the other."""
    operator, term = factories.user("operator"), get_term("subject", "0203")
    above = add_term("subject", "没有人确认的大类", acting_user=operator)
    assert above.status == Term.Status.WAITING
    for put in (
        lambda: move_term(term, above, acting_user=operator),
        lambda: import_terms("subject", f"code,label,parent\n0203,{term.label},{above.code}\n", acting_user=operator),
    ):
        with refused("先确认上级"):
            if reasons := getattr(put(), "reasons", None):
                raise Refused(reasons)
    assert "没有人确认的大类" not in term_label("subject", "0203")
    confirm(waiting(above), "supervisor")
    move_term(term, get_term("subject", above.code), acting_user=operator)
    assert term_label("subject", "0203") == f"没有人确认的大类／{term.label}"


def test_a_secret_in_the_site_s_contact_is_refused(alpha):
    with pytest.raises(Refused, match="联系方式"):
        change_site_record(alpha, acting_user=factories.user("operator"), contact=SECRET)
    with pytest.raises(Refused, match="联系方式"):
        change_site_record(alpha, acting_user=None, contact=SECRET)
    with pytest.raises(Refused, match="变更申请"):
        change_site_record(alpha, acting_user=factories.user("alpha_admin"), contact="电话：0871-12345678")
    assert Tenant.objects.get(code="alpha").contact == alpha.contact


def test_the_site_s_contact_waits_for_a_second_person_of_the_console(alpha, returning_citizen):
    change_site_record(alpha, acting_user=factories.user("operator"), contact="电话：0871-12345678")
    assert "0871-12345678" not in public_home(returning_citizen)
    with pytest.raises(Refused, match="不能自己确认"):
        confirm(waiting(alpha), "operator")
    confirm(waiting(alpha), "supervisor")
    assert "0871-12345678" in public_home(returning_citizen)
    assert find_frame_faults(alpha) == []


def new_site(**given) -> NewSite:
    facts = {
        "code": "gamma", "host": "gamma.localhost", "console_host": "gamma.console.localhost",
        "full_name": "澄州市青川县人民政府", "kind": "portal", "level": "county", "organiser": "青川县人民政府办公室",
    }  # fmt: skip
    return NewSite(**{**facts, **given})


def test_a_site_with_a_secret_in_its_record_is_not_opened(db):
    for who in (None, factories.user("operator")):
        with pytest.raises((Refused, ValidationError), match="机密"):
            open_site(new_site(contact=SECRET), acting_user=who)
    assert not Tenant.objects.filter(code="gamma").exists()


def test_a_site_that_an_operator_opens_is_closed_until_its_record_is_confirmed(db, returning_citizen):
    tenant, _seconds = open_site(new_site(), acting_user=factories.user("operator"))
    assert (
        "青川县" not in returning_citizen("gamma").get("/").content.decode()
        or returning_citizen("gamma").get("/").status_code == 503
    )
    assert Tenant.objects.get(code="gamma").status == Tenant.Status.PREPARING
    confirm(waiting(tenant), "supervisor")
    assert returning_citizen("gamma").get("/").status_code == 200
