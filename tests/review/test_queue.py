"""The queue over all sites: deadlines, filters, claims, handing over, deputies."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.accounts.absences import end_absence, register_absence
from govplatform.accounts.models import Absence
from govplatform.refusals import Refused
from govplatform.review.models import Claim
from govplatform.review.submission.claim_actions import claim_review, hand_over_review, release_review
from govplatform.review.submission.queue import DEPUTY, FREE, MINE, TAKEN, QueueFilter, waiting_reviews
from tests.factories import approve, draft_article, submit, user

from .reviewers import away, reviewer, use_levels


def waiting(**fields):
    page = draft_article(**fields)
    submit(page)
    return page


def seen_by(username, page):
    return next((item.claimed for item in waiting_reviews(user(username)) if item.page_id == page.pk), None)


def test_what_is_due_first_stands_first_over_all_sites(alpha, site):
    first = waiting()
    with tenant_context(site("beta")):
        second = draft_article("beta_editor")
        submit(second, "beta_editor")
    third = waiting()
    found = [(item.tenant.code, item.page_id) for item in waiting_reviews(user("both_content"))]
    assert found == [("alpha", first.pk), ("beta", second.pk), ("alpha", third.pk)]


def test_the_queue_is_one_statement_besides_the_places(alpha, django_assert_max_num_queries):
    waiting()
    waiting()
    person = user("both_content")
    with django_assert_max_num_queries(5):
        waiting_reviews(person)


def test_filters(alpha, site):
    news, notice = waiting(title="防汛预案公布"), waiting(column="notices", title="停水通知")
    person = user("both_content")
    claim_review(notice, acting_user=person)

    def found(**fields):
        return [item.page_id for item in waiting_reviews(person, QueueFilter(**fields))]

    column = notice.get_parent().title
    assert found(words="防汛 公布") == [news.pk]
    assert found(column=column) == [notice.pk]
    assert found(site="beta") == []
    assert found(step="confidentiality") == []
    assert found(mine=True) == [notice.pk]
    assert found(late=True) == []
    assert found() == [news.pk, notice.pk]


def test_a_claim_is_seen_by_the_others_and_let_go_again(alpha):
    page = waiting()
    claim_review(page, acting_user=user("alpha_content"))
    assert (seen_by("alpha_content", page), seen_by("both_content", page)) == (MINE, TAKEN)
    with pytest.raises(Refused, match="正在办理"):
        claim_review(page, acting_user=user("both_content"))
    with pytest.raises(Refused, match="正在办理"):
        approve(page, "both_content")
    with pytest.raises(Refused, match="不是你认领的"):
        release_review(page, acting_user=user("both_content"))
    release_review(page, acting_user=user("alpha_content"))
    assert seen_by("both_content", page) == FREE
    approve(page, "both_content")


def test_a_claim_runs_out(alpha):
    page = waiting()
    claim_review(page, acting_user=user("alpha_content"))
    Claim.objects.update(expires_at=timezone.now() - timezone.timedelta(minutes=1))
    assert seen_by("both_content", page) == FREE
    claim_review(page, acting_user=user("both_content"))
    assert seen_by("alpha_content", page) == TAKEN


def test_a_claim_of_who_lost_the_role_holds_nobody_up(alpha):
    from govplatform.accounts.actions import revoke_role

    page = waiting()
    claim_review(page, acting_user=user("alpha_content"))
    revoke_role(user("alpha_content"), "content-reviewer", tenant=alpha, acting_user=None)
    assert seen_by("both_content", page) == FREE
    approve(page, "both_content")


def test_handing_over_with_a_note(alpha):
    page = waiting()
    hand_over_review(page, to=user("both_content"), note="我下午开会。", acting_user=user("alpha_content"))
    item = waiting_reviews(user("both_content"))[0]
    assert (item.claimed, item.handed_by, item.note) == (MINE, "甲内审", "我下午开会。")
    assert seen_by("alpha_content", page) == TAKEN


@pytest.mark.parametrize("to", ["alpha_content", "alpha_secret", "beta_content", "alpha_editor", "outsider"])
def test_nothing_is_handed_to_who_may_not_take_it(alpha, to):
    page = waiting()
    with pytest.raises(Refused):
        hand_over_review(page, to=user(to), acting_user=user("alpha_content"))
    assert not Claim.objects.exists()


def test_a_deputy_sees_and_takes_what_the_absent_person_holds(alpha):
    page = waiting()
    claim_review(page, acting_user=user("alpha_content"))
    away(user("alpha_content"), user("both_content"))
    item = waiting_reviews(user("both_content"), QueueFilter(mine=True))[0]
    assert (item.page_id, item.claimed, item.claimed_by) == (page.pk, DEPUTY, "甲内审")
    approve(page, "both_content")


def test_a_deputy_without_the_role_gets_nothing_and_holds_nobody_up(alpha):
    page = waiting()
    claim_review(page, acting_user=user("alpha_content"))
    away(user("alpha_content"), user("alpha_secret"))
    assert seen_by("alpha_secret", page) is None
    with pytest.raises(Refused, match="不能办理"):
        approve(page, "alpha_secret")
    assert seen_by("both_content", page) == FREE


def test_absence_is_one_s_own_and_ends_early(alpha):
    person, deputy = user("alpha_content"), user("both_content")
    today = timezone.localdate()
    with pytest.raises(Refused, match="本人"):
        register_absence(person, deputy=deputy, starts_on=today, ends_on=today, acting_user=deputy)
    with pytest.raises(Refused, match="别人"):
        register_absence(person, deputy=person, starts_on=today, ends_on=today, acting_user=person)
    away(person, deputy)
    with pytest.raises(Refused, match="已经登记过"):
        away(person, deputy)
    page = waiting()
    claim_review(page, acting_user=person)
    assert seen_by("both_content", page) == DEPUTY
    with pytest.raises(Refused, match="本人"):
        end_absence(Absence.objects.get(), acting_user=deputy)
    end_absence(Absence.objects.get(), acting_user=person)
    assert seen_by("both_content", page) == TAKEN


def test_who_took_the_first_level_does_not_find_the_second_in_the_queue(alpha, settings, tmp_path):
    use_levels(alpha, settings, tmp_path, 2)
    other = reviewer("alpha_content3", alpha, "content-reviewer")
    page = waiting()
    approve(page, "alpha_content")
    assert seen_by("alpha_content", page) is None
    assert seen_by(other.username, page) == FREE
