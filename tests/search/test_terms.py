"""Classes that are moved and organisations that become one: found and counted as the vocabularies are now."""

import pytest

from content_library.vocabularies.actions import add_term, merge_terms, move_term
from content_library.vocabularies.queries import get_term, term_label
from govplatform.tenancy.queries import get_tenant
from search.narrowing import Filters
from search.queries import search

from .test_facets import counts
from .written import enter, write


def found(**filters: str) -> set[str]:
    return {hit.title_text for hit in search("台风", filters=Filters(**filters)).hits}


@pytest.fixture
def offices(db) -> tuple[str, str]:
    """Two organisations, of each a notice; of the first also one that says it by its name, and by another one."""
    first = add_term("organisation", "省海洋局", aliases=["海洋管理局"], acting_user=None)
    second = add_term("organisation", "省渔业局", acting_user=None)
    alpha = get_tenant("alpha")
    said = {
        "台风甲": first.code,
        "台风乙": second.code,
        "台风丙": "省海洋局",
        "台风丁": "海洋管理局",
        "台风戊": "别处的局",
    }
    enter(write(alpha, title, organisation=organisation) for title, organisation in said.items())
    return first.code, second.code


class TestClassesThatAreMoved:
    def test_a_class_below_another_is_found_there_and_under_the_old_one_no_more(self, db):
        old, new = (add_term("subject", label, acting_user=None) for label in ("旧大类", "新大类"))
        moved = add_term("subject", "海洋", parent=old, acting_user=None)
        stays = add_term("subject", "渔业", parent=old, acting_user=None)
        alpha = get_tenant("alpha")
        enter([write(alpha, "台风甲", subject_class=moved.code), write(alpha, "台风乙", subject_class=stays.code)])
        move_term(moved, new, acting_user=None)
        assert found(topic=new.code) == {"台风甲"}
        assert found(topic=old.code) == {"台风乙"}
        assert found(topic=moved.code) == {"台风甲"}
        assert counts(search("台风"), "topic") == {new.code: 1, old.code: 1}
        assert counts(search("台风", filters=Filters(topic=new.code)), "topic") == {moved.code: 1}

    def test_classes_that_became_one_are_one_value(self, db):
        one, other = (add_term("subject", label, acting_user=None) for label in ("海洋一", "海洋二"))
        alpha = get_tenant("alpha")
        enter([write(alpha, "台风甲", subject_class=one.code), write(alpha, "台风乙", subject_class=other.code)])
        merge_terms(other, one, acting_user=None)
        assert counts(search("台风"), "topic") == {one.code: 2}
        assert found(topic=one.code) == found(topic=other.code) == {"台风甲", "台风乙"}
        [facet] = [facet for facet in search("台风", filters=Filters(topic=other.code)).facets if facet.name == "topic"]
        assert [value.chosen for value in facet.values] == [True]

    def test_a_class_that_no_vocabulary_has_is_found_by_its_code(self, db):
        enter([write(get_tenant("alpha"), "台风甲", subject_class="9876")])
        assert counts(search("台风"), "topic") == {"9876": 1}
        assert found(topic="9876") == {"台风甲"}


class TestOrganisationsThatBecameOne:
    def test_code_name_and_alias_are_one_value(self, offices):
        first, second = offices
        assert counts(search("台风"), "organisation") == {first: 3, second: 1, "别处的局": 1}
        assert found(organisation=first) == found(organisation="海洋管理局") == {"台风甲", "台风丙", "台风丁"}

    def test_merged_they_are_one_value_which_finds_what_it_counts(self, offices):
        first, second = offices
        merge_terms(get_term("organisation", second), get_term("organisation", first), acting_user=None)
        assert counts(search("台风"), "organisation") == {first: 4, "别处的局": 1}
        assert found(organisation=first) == found(organisation=second) == {"台风甲", "台风乙", "台风丙", "台风丁"}
        assert {hit.organisation_code for hit in search("台风").hits} == {first, "别处的局"}
        assert term_label("organisation", second) == "省海洋局"
