"""The life of a change of words: proposed, replaced, withdrawn, refused, confirmed, overtaken."""

import pytest
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.dictionaries.actions import add_word
from govplatform.refusals import Refused
from govplatform.review.frame.actions import refuse_words, withdraw_words
from govplatform.review.frame.kinds import kind_of
from govplatform.review.frame.queries import find_frame_faults, history_of
from govplatform.review.frame.texts import frame_digest, last_clearance, present_digest
from govplatform.review.models import FrameClearance, FrameProposal
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import change_column, create_column
from sites.columns.models import Column, ColumnType
from tests import factories
from tests.attacks.test_two_at_once import at_once

from .frame_cases import DOUBTFUL, confirm, waiting


@pytest.fixture
def admin(alpha):
    return factories.user("alpha_admin")


@pytest.fixture
def column(alpha):
    return factories.column()


def test_every_object_begins_with_what_it_was_set_up_with(alpha):
    kind = kind_of(Column)
    for column in Column.objects.all():
        clearance = last_clearance(kind, column.pk)
        assert (clearance.origin, clearance.verb) == (FrameClearance.Origin.SET_UP, "create_site")
        assert clearance.digest == present_digest(kind, column)


def test_a_digest_is_of_these_words_of_this_object_alone(alpha):
    kind = kind_of(Column)
    texts = {"title": "甲乙", "slug": "a", "description": "", "keywords": ""}
    others = [
        frame_digest(kind, 2, texts),
        frame_digest(kind, 1, {**texts, "title": "甲", "description": "乙"}),
        frame_digest(kind, 1, {**texts, "keywords": " "}),
        frame_digest(kind_of(type(get_tenant("alpha"))), 1, texts),
    ]
    assert frame_digest(kind, 1, texts).startswith("1:")
    assert len({frame_digest(kind, 1, texts), *others}) == 5


def test_what_is_proposed_says_old_new_who_by_which_rules_and_why(column, admin):
    change_column(column, acting_user=admin, description=DOUBTFUL, reason="值班电话。")
    proposal = waiting(column)
    assert proposal.before == {"description": column.description}
    assert proposal.after == {"description": DOUBTFUL}
    assert (proposal.proposed_by, proposal.reason) == (admin, "值班电话。")
    assert [finding["rule"] for finding in proposal.findings] == ["mobile"]
    assert proposal.rule_pack
    assert proposal.scanner_version
    assert Entry.objects.filter(act="frame.propose", object_id=str(column.pk)).exists()


def test_a_newer_wish_of_the_same_person_takes_the_place_of_the_older(column, admin):
    change_column(column, acting_user=admin, title="要闻一")
    first = waiting(column)
    change_column(column, acting_user=admin, title="要闻二")
    first.refresh_from_db()
    assert first.state == FrameProposal.State.WITHDRAWN
    assert waiting(column).after == {"title": "要闻二"}


def test_another_person_s_waits_for_the_first(column, admin):
    change_column(column, acting_user=admin, title="要闻一")
    with pytest.raises(Refused, match="待确认"):
        # Rights are asked by the act; here the second person is any other.
        from govplatform.review.frame.actions import change_words

        change_words(column, {"title": "要闻二"}, acting_user=factories.user("beta_admin"))


def test_the_proposer_takes_it_back_and_nobody_else_does(column, admin):
    change_column(column, acting_user=admin, title="要闻动态")
    with pytest.raises(Refused, match="只有提出改动的人"):
        withdraw_words(waiting(column), acting_user=factories.user("alpha_content"))
    withdraw_words(waiting(column), acting_user=admin)
    assert waiting(column) is None
    assert Entry.objects.filter(act="frame.withdraw").exists()


def test_a_refusal_wants_a_reason_and_is_recorded(column, admin):
    change_column(column, acting_user=admin, title="要闻动态")
    proposal, reviewer = waiting(column), factories.user("alpha_content")
    with pytest.raises(Refused, match="理由"):
        refuse_words(proposal, acting_user=reviewer, opinion=" ")
    refuse_words(proposal, acting_user=reviewer, opinion="名称不规范。")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.opinion) == ("refused", "名称不规范。")
    assert factories.column().title == column.title


def test_a_refused_new_column_stays_out_of_sight(alpha, admin):
    column = create_column("gonggao", title="公告", column_type="news", acting_user=admin)
    refuse_words(waiting(column), acting_user=factories.user("alpha_content"), opinion="不需要。")
    assert not Column.objects.get(pk=column.pk).live


def test_what_was_changed_meanwhile_is_not_confirmed(column, admin):
    change_column(column, acting_user=admin, title="要闻动态")
    proposal = waiting(column)
    change_column(column, acting_user=None, keywords="要闻", verb="frame_text")
    with pytest.raises(Refused, match="已经过时"):
        confirm(proposal)
    assert factories.column().title == "工作动态"


def test_rules_that_changed_meanwhile_are_asked_again(column, admin, alpha):
    change_column(column, acting_user=admin, title="要闻动态")
    add_word(alpha, word="要闻动态", kind="sensitive", severity="block", acting_user=None)
    with pytest.raises(Refused, match="词库有变化"):
        confirm(waiting(column))
    assert factories.column().title == "工作动态"


def test_the_confirmed_words_are_the_editor_s_newest_version(column, admin):
    column.save_revision()
    change_column(Column.objects.get(pk=column.pk), acting_user=admin, title="要闻动态")
    confirm(waiting(column))
    stored = Column.objects.get(pk=column.pk)
    assert stored.get_latest_revision_as_object().title == stored.title == "要闻动态"
    assert not stored.has_unpublished_changes


def test_confirming_leaves_a_clearance_and_a_history(column, admin, alpha):
    change_column(column, acting_user=admin, title="要闻动态")
    proposal = waiting(column)
    confirm(proposal)
    proposals, clearances = history_of(kind_of(Column), column.pk)
    assert [one.state for one in proposals] == ["confirmed"]
    assert [one.origin for one in clearances] == ["confirmed", "set-up"]
    assert clearances[0].proposal == proposals[0]
    assert find_frame_faults(alpha) == []
    entry = Entry.objects.get(act="frame.confirm")
    assert entry.detail["digest"] == clearances[0].digest


def test_the_names_of_the_national_list_of_columns_are_no_marks(alpha):
    for code, label in ColumnType.choices:
        create_column(f"type-{code}", title=str(label), column_type=code, acting_user=None)
    with pytest.raises(Refused, match="内部资料"):
        create_column("internal", title="依申请公开 内部资料", column_type="request", acting_user=None)


def test_the_shell_sets_words_at_once_and_is_recorded(column):
    change_column(column, acting_user=None, title="要闻动态", verb="frame_text")
    clearance = last_clearance(kind_of(Column), column.pk)
    assert Page.objects.get(pk=column.pk).title == "要闻动态"
    assert (clearance.origin, clearance.verb) == (FrameClearance.Origin.SHELL, "frame_text")


def test_of_two_confirmers_at_once_one_is_told(own_database):
    from django_tenants.utils import tenant_context

    with tenant_context(get_tenant("alpha")):
        column = factories.column()
        change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
        proposal = waiting(column)
    outcomes = at_once(lambda username: confirm(proposal, username), ["alpha_content", "both_content"])
    assert outcomes.count("done") == 1
    assert "不能再办" in next(outcome for outcome in outcomes if outcome != "done")
    with tenant_context(get_tenant("alpha")):
        assert FrameClearance.objects.filter(object_id=column.pk, origin="confirmed").count() == 1
