"""Terms: codes that stay, names that change, two that become one."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError, InternalError

from content_library.metadata import Disclosure
from content_library.vocabularies.actions import (
    add_term,
    merge_terms,
    move_term,
    rename_term,
    restore_term,
    retire_term,
    shift_term,
)
from content_library.vocabularies.models import Term, TermChange
from content_library.vocabularies.queries import (
    choices_for,
    code_for,
    codes_under,
    equivalent_codes,
    get_term,
    is_selectable,
    resolve_code,
    term_label,
    terms_of,
    tree,
)
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from tests.review.frame.frame_cases import confirm, waiting


def term(code, vocabulary="subject"):
    found = get_term(vocabulary, code)
    assert found is not None
    return found


def flat(choices):
    return [
        code
        for value, label in choices
        for code in ([value] if isinstance(label, str) else [one for one, _label in label])
    ]


def test_a_platform_begins_with_the_national_classes_and_the_codes_of_the_pages(db):
    tops = {row.code: row.label for row in terms_of("subject").values() if not row.parent}
    assert list(tops) == [f"{number:02}" for number in range(1, 23)]
    assert (tops["01"], tops["02"], tops["22"]) == ("国务院组织机构", "综合政务", "其他")
    assert len(terms_of("subject")) > 100
    assert {"decision", "order", "measures", "notice", "other"} <= set(terms_of("kind"))
    assert set(terms_of("disclosure")) == {str(value) for value in Disclosure}
    assert all(terms_of(vocabulary) for vocabulary in ("audience", "organisation"))


def test_a_new_term_draws_the_next_code_and_is_recorded(db, person):
    operator = person("operator")
    made = add_term("subject", "低空经济", parent=term("07"), aliases=["无人机", "无人机"], acting_user=operator)
    assert (made.code, made.aliases) == ("0708", ["无人机"])
    assert made.status == Term.Status.WAITING
    confirm(waiting(made), "supervisor")
    assert term_label("subject", "0708") == "工业、交通／低空经济"
    assert TermChange.objects.get(term=made, act="propose").acting_user == operator
    assert TermChange.objects.get(term=made, act="add").acting_user == person("supervisor")
    assert Entry.objects.filter(act="vocabulary.add", object_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    ("label", "code", "parent", "word"),
    [
        ("", "", None, "名称"),
        ("政务公开", "", "02", "同级已有"),
        ("新类", "0201", "02", "代码 0201 属于"),
        ("新类", "ab", None, "不合规定"),
        ("新类", "", "0201", "最多 2 级"),
    ],
)
def test_a_faulty_term_is_refused_with_the_reason(db, person, label, code, parent, word):
    with pytest.raises(Refused, match=word):
        add_term("subject", label, code=code, parent=term(parent) if parent else None, acting_user=person("supervisor"))


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "alpha_content", "outsider"])
def test_only_operators_and_supervisors_change_terms(db, person, who):
    for act in (
        lambda: add_term("kind", "新", acting_user=person(who)),
        lambda: rename_term(term("02"), label="新", acting_user=person(who)),
        lambda: merge_terms(term("0201"), term("0202"), acting_user=person(who)),
        lambda: retire_term(term("0201"), acting_user=person(who)),
        lambda: shift_term(term("0201"), 1, acting_user=person(who)),
    ):
        with pytest.raises(Refused, match="只有平台运维人员和监管员"):
            act()


def test_a_code_is_never_given_again(db, person):
    operator = person("operator")
    retire_term(term("0203"), acting_user=operator)
    with pytest.raises(Refused, match="用过就不再给"):
        add_term("subject", "别的", code="0203", parent=term("02"), acting_user=operator)
    for statement in (
        "DELETE FROM public.vocabularies_term WHERE code = '2102'",
        "UPDATE public.vocabularies_term SET code = '0299' WHERE code = '0203'",
    ):
        with pytest.raises((InternalError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(vocabulary="subject", code="0203", label="又一个")


def test_a_merged_code_answers_as_the_new_one_through_any_number_of_merges(db, person):
    operator = person("operator")
    merge_terms(term("0203"), term("0204"), acting_user=operator)
    merge_terms(term("0204"), term("0206"), acting_user=operator, reason="职责调整")
    assert resolve_code("subject", "0203") == resolve_code("subject", "0204") == "0206"
    assert term_label("subject", "0203") == "综合政务／政务服务"
    assert equivalent_codes("subject", "0206") == ["0203", "0204", "0206"]
    assert set(codes_under("subject", "02")) >= {"02", "0201", "0203", "0204", "0206"}
    assert code_for("subject", "文秘工作") == "0206"
    assert "文秘工作" in term("0206").aliases
    assert term("0204").changes.get(act="merge").detail["reason"] == "职责调整"


def test_children_of_a_merged_class_go_over(db, person):
    merge_terms(term("18"), term("17"), acting_user=person("operator"))
    assert term("1801").parent.code == "17"
    assert term_label("subject", "1801").startswith("民政、扶贫、救灾／")
    assert "1801" in codes_under("subject", "18")


@pytest.mark.parametrize(
    ("source", "target", "word"),
    [("0201", "0201", "不能并入自己"), ("02", "0201", "自己的下级"), ("02", "0301", "只能并入同级")],
)
def test_what_cannot_become_one_is_refused(db, person, source, target, word):
    with pytest.raises(Refused, match=word):
        merge_terms(term(source), term(target), acting_user=person("operator"))


def test_a_merged_term_neither_comes_back_nor_takes_others(db, person):
    operator = person("operator")
    merge_terms(term("0203"), term("0204"), acting_user=operator)
    with pytest.raises(Refused, match="不能恢复"):
        restore_term(term("0203"), acting_user=operator)
    with pytest.raises(Refused, match="已停用"):
        merge_terms(term("0205"), term("0203"), acting_user=operator)


def test_a_retired_term_is_offered_only_where_it_is_chosen_already(db, person):
    operator = person("operator")
    retire_term(term("0203"), acting_user=operator, reason="不再使用")
    assert "0203" not in flat(choices_for("subject"))
    assert "0203" in flat(choices_for("subject", "0203"))
    assert not is_selectable("subject", "0203")
    assert is_selectable("subject", "0203", held="0203")
    restore_term(term("0203"), acting_user=operator)
    assert "0203" in flat(choices_for("subject"))


def test_a_class_with_active_terms_below_is_not_retired(db, person):
    with pytest.raises(Refused, match="之下还有 7 个"):
        retire_term(term("02"), acting_user=person("operator"))


def test_codes_that_the_rules_read_stay(db, person):
    operator = person("operator")
    with pytest.raises(Refused, match="平台规则使用"):
        retire_term(term("withheld", "disclosure"), acting_user=operator)
    with pytest.raises(Refused, match="平台规则使用"):
        add_term("disclosure", "半公开", acting_user=operator)
    rename_term(term("withheld", "disclosure"), label="不公开", acting_user=operator)
    confirm(waiting(term("withheld", "disclosure")), "supervisor")
    assert term_label("disclosure", "withheld") == "不公开"


def test_order_and_place_are_changed_by_acts(db, person):
    operator = person("operator")
    shift_term(term("0202"), -1, acting_user=operator)
    shift_term(term("0202"), -1, acting_user=operator)
    below = next(node for node in tree("subject") if node.row.code == "02").children
    assert [node.row.code for node in below[:2]] == ["0202", "0201"]
    move_term(term("1403"), term("17"), acting_user=operator)
    assert terms_of("subject")["1403"].parent == "17"
    with pytest.raises(Refused, match="不能改变级别"):
        move_term(term("0201"), None, acting_user=operator)


def test_the_tree_is_searched_by_name_code_and_alias(db):
    def found(query):
        return [child.row.code for node in tree("subject", query=query) for child in node.children]

    assert found("一网通办") == found("0202") == ["0202"]
    assert found("没有这样的词") == []
    assert [node.row.code for node in tree("subject", query="国防") if node.row.code == "21"] == ["21"]


def test_words_become_codes(db):
    assert code_for("subject", "综合政务／政务公开") == code_for("subject", "政务公开") == "0201"
    assert code_for("subject", "综合政务/政务公开") == "0201"
    assert code_for("audience", "市民") == "everyone"
    assert code_for("kind", "notice") == "notice"
    assert code_for("kind", "没有") == code_for("kind", "") == ""
