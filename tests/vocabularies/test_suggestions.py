"""Which terms a text speaks of."""

from content_library.vocabularies.actions import rename_term, retire_term
from content_library.vocabularies.queries import get_term
from content_library.vocabularies.suggestions import suggest_terms
from tests.review.frame.frame_cases import confirm, waiting


def codes(*args, **more):
    return [one.term.code for one in suggest_terms(*args, **more)]


def test_the_class_below_comes_before_the_top_one(db):
    found = suggest_terms("发放创业担保贷款，举办招聘会。", "关于做好高校毕业生就业工作的通知", "subject")
    assert found[0].term.code == "1501"
    assert "标题中出现" in found[0].why
    assert "15" in [one.term.code for one in found]
    assert len(found) <= 5


def test_the_title_weighs_more_than_the_text(db):
    assert codes("水库" * 3, "全市教师招聘说明", "subject")[0] in ("1104", "1501")


def test_every_vocabulary_can_be_asked(db):
    assert codes("", "关于印发管理办法的通知", "kind")[0] in ("notice", "measures")
    assert codes("向退役军人发放优待证", "", "audience") == ["veterans"]


def test_nothing_is_guessed_from_nothing(db):
    assert suggest_terms("", "", "subject") == []
    assert suggest_terms("今天天气很好", "散步", "subject") == []


def test_an_alias_teaches_and_a_retired_term_is_silent(db, person):
    operator = person("operator")
    term = get_term("subject", "0706")
    rename_term(term, aliases=[*term.aliases, "浮空器"], acting_user=operator)
    assert "0706" not in codes("浮空器试飞", "", "subject")
    confirm(waiting(term), "supervisor")
    assert codes("浮空器试飞", "", "subject")[0] == "0706"
    retire_term(term, acting_user=operator)
    assert "0706" not in codes("浮空器试飞", "", "subject")
