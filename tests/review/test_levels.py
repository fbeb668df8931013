"""One to three content reviews before the confidentiality review, by the rule pack."""

import pytest
from wagtail.models import Workflow

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.gate.levels import CONTENT_TASK_NAMES, WORKFLOW_NAMES
from govplatform.review.models import Clearance, Decision, Submission
from govplatform.review.queries import describe_page, get_page
from govplatform.review.rules import RulePackError, load_rule_pack
from govplatform.review.submission.actions import decide_review
from tests.factories import approve, draft_article, draft_interpretation, draft_policy, submit, user

from .reviewers import reviewer, use_levels


def due(page, alpha):
    return describe_page(get_page(page.pk), alpha)["next_step"]


def test_the_national_pack_asks_for_one_content_review_of_everything():
    pack = load_rule_pack("national")
    assert pack.levels_for("policies", "policies.policydocument") == 1
    assert pack.levels_for("news", "articles.article") == 1


def test_a_province_asks_for_two_on_policies():
    pack = load_rule_pack("hebei")
    assert pack.levels_for("policies", "articles.article") == 2
    assert pack.levels_for("news", "policies.policydocument") == 2
    assert pack.levels_for("news", "articles.article") == 1
    assert pack.checklists["content2"] == pack.checklists["content"]


@pytest.mark.parametrize(
    "broken",
    [
        "[limits.content_review_levels]\nvalue = 4",
        '[review_levels]\nsource = "x"\n[review_levels.kinds]\n"articles.article" = 0',
        "[review_levels.column_types]\nnews = 2",
        '[review_levels]\nsource = "x"\nmoods = 2',
    ],
)
def test_a_pack_with_levels_that_make_no_sense_does_not_load(settings, tmp_path, broken):
    (tmp_path / "national.toml").write_text((settings.RULE_PACK_DIR / "national.toml").read_text())
    (tmp_path / "odd.toml").write_text(f'extends = "national"\nlabel = "x"\nversion = "1"\n{broken}\n')
    settings.RULE_PACK_DIR = tmp_path
    with pytest.raises(RulePackError):
        load_rule_pack("odd")


@pytest.mark.parametrize("levels", [2, 3])
def test_every_level_is_another_person_s(alpha, settings, tmp_path, levels):
    use_levels(alpha, settings, tmp_path, levels)
    third = reviewer("alpha_content3", alpha, "content-reviewer")
    page = draft_article()
    submit(page)
    assert Submission.objects.get(page_id=page.pk).levels == levels
    for step, who in zip(("content", "content2", "content3")[:levels],
                         ("alpha_content", "both_content", third.username), strict=False):  # fmt: skip
        assert due(page, alpha) == step
        outcome = approve(page, who)
        assert outcome.step == step
    assert due(page, alpha) == "confidentiality"
    approve(page, "alpha_secret")
    page.refresh_from_db()
    assert page.live
    assert Clearance.objects.get(page_id=page.pk).levels == levels
    entry = Entry.objects.filter(chain=alpha.schema_name, act="review.submit").latest("number")
    assert entry.detail["levels"] == levels


def test_policies_and_their_interpretations_go_the_longer_way_in_hebei(alpha):
    alpha.rule_pack = "hebei"
    alpha.save()
    policy = draft_policy()
    explained, news = draft_interpretation(policy), draft_article()
    for page in (policy, explained, news):
        submit(page)
        approve(page, "alpha_content")
    assert [due(page, alpha) for page in (policy, explained, news)] == ["content2", "content2", "confidentiality"]


def test_a_page_handed_in_before_the_rule_changed_keeps_its_way(alpha, settings, tmp_path):
    page = draft_article()
    submit(page)
    use_levels(alpha, settings, tmp_path, 3)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    page.refresh_from_db()
    assert page.live


def test_returned_at_the_second_level_it_begins_again_at_the_first(alpha, settings, tmp_path):
    use_levels(alpha, settings, tmp_path, 2)
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    decide_review(page, acting_user=user("both_content"), approve=False, opinion="请补充来源。")
    page.save_revision(user=user("alpha_editor"))
    submit(page)
    assert due(page, alpha) == "content"


def test_the_same_person_is_refused_on_the_second_level(alpha, settings, tmp_path):
    use_levels(alpha, settings, tmp_path, 2)
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    with pytest.raises(Refused, match="不同的人"):
        approve(page, "alpha_content")
    assert Decision.objects.filter(page_id=page.pk).count() == 1


def test_every_site_has_the_workflows_of_all_levels(alpha):
    for levels, name in WORKFLOW_NAMES.items():
        names = [task.name for task in Workflow.objects.get(name=name).tasks]
        assert names == [*list(CONTENT_TASK_NAMES.values())[:levels], "保密审查"]


def test_a_site_from_before_the_levels_gets_them_by_its_migration(alpha):
    """The statements of migration 0005 on a site that has the one workflow of the first release."""
    import importlib

    from django.db import connection
    from wagtail.models import Task

    from govplatform.review.models import ContentReviewTask

    Workflow.objects.exclude(name=WORKFLOW_NAMES[1]).delete()
    Task.objects.filter(pk__in=ContentReviewTask.objects.filter(level__gt=1).values("pk")).delete()
    migration = importlib.import_module("govplatform.review.migrations.0005_levels")
    with connection.cursor() as cursor:
        cursor.execute(migration.WORKFLOWS)
    test_every_site_has_the_workflows_of_all_levels(alpha)


def test_an_undecided_draft_is_deleted_with_its_submission(alpha):
    from wagtail.models import Page

    from govplatform.review.submission.actions import take_back

    page = draft_article()
    submit(page)
    take_back(page, acting_user=user("alpha_editor"))
    Page.objects.get(pk=page.pk).specific.delete()
    assert not Submission.objects.filter(page_id=page.pk).exists()
