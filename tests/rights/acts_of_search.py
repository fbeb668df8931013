"""Acts of the search: synonyms are kept by operators and supervisors; comparing and repairing is the operators'."""

from search.synonyms.actions import add_synonyms, change_synonyms, import_synonyms, remove_synonyms
from search.synonyms.shipped import load_shipped
from search.synonyms.written import read_lines
from search.upkeep.actions import request_comparison

from .acts import Doing, act

_SYNONYMS = "search.synonyms.actions"
_WORDS = ["青石计划", "青石行动"]


@act(f"{_SYNONYMS}.add_synonyms", may="operator")
def _add() -> Doing:
    return lambda who: add_synonyms(_WORDS, acting_user=who)


@act(f"{_SYNONYMS}.change_synonyms", may="operator")
def _change() -> Doing:
    group = add_synonyms(_WORDS, acting_user=None)
    return lambda who: change_synonyms(group, _WORDS, one_way=True, enabled=True, note="", acting_user=who)


@act(f"{_SYNONYMS}.remove_synonyms", may="supervisor")
def _remove() -> Doing:
    group = add_synonyms(_WORDS, acting_user=None)
    return lambda who: remove_synonyms(group, acting_user=who)


@act("search.synonyms.shipped.load_shipped", may="operator")
def _load_shipped() -> Doing:
    return lambda who: load_shipped(acting_user=who)


@act(f"{_SYNONYMS}.import_synonyms", may="operator")
def _import() -> Doing:
    groups, faults = read_lines("青石计划 = 青石行动")
    return lambda who: import_synonyms(groups, faults, acting_user=who)


@act("search.upkeep.actions.request_comparison", may="operator")
def _compare() -> Doing:
    return lambda who: request_comparison(repair=True, acting_user=who)
