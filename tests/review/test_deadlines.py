"""Every deadline of the review and of pushes in the unit that the site's rule pack gives it."""

from datetime import datetime

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from govplatform.review.models import Claim
from govplatform.review.submission.actions import withdraw_page
from govplatform.review.submission.claim_actions import claim_review
from govplatform.review.submission.deadlines import after_review_due, claim_end, confirmation_due, step_deadline
from govplatform.review.submission.queue import waiting_reviews
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.rule_packs.working_days import CHINA
from tests.factories import draft_article, live_article, submit, user
from tests.rule_packs.stated import limit, state_packs

from .reviewers import use_pack

FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=CHINA)


def words(moment):
    return moment.astimezone(CHINA).strftime("%m-%d %H:%M:%S")


@pytest.mark.unit
def test_the_national_pack_reckons_in_working_days_and_emergencies_in_hours():
    pack = load_rule_pack("national")
    assert words(step_deadline(pack, FRIDAY, emergency=False)) == "11-30 23:59:59"
    assert words(step_deadline(pack, FRIDAY, emergency=True)) == "11-27 17:00:00"
    assert words(after_review_due(pack, FRIDAY)) == "11-30 23:59:59"
    assert words(confirmation_due(pack, FRIDAY)) == "11-30 23:59:59"
    assert words(claim_end(pack, FRIDAY)) == "11-27 19:00:00"
    assert words(pack.limit("rescan_judgement").after(FRIDAY)) == "12-02 23:59:59"


@pytest.mark.unit
def test_a_province_may_reckon_otherwise(settings, tmp_path):
    state_packs(
        settings,
        tmp_path,
        other=limit("review_deadline", 24, "hours")
        + limit("emergency_after_review", 3, "days")
        + limit("withdrawal_confirmation", 2, "working_days")
        + '[working_time]\nday_ends = "18:00"\narticle = "平台约定"\n',
    )
    pack = load_rule_pack("other")
    assert words(step_deadline(pack, FRIDAY, emergency=False)) == "11-28 15:00:00"
    assert words(after_review_due(pack, FRIDAY)) == "11-30 18:00:00"
    assert words(confirmation_due(pack, FRIDAY)) == "12-01 18:00:00"


def waiting_since(moment):
    page = draft_article()
    submit(page)
    state = page.current_workflow_task_state
    state.started_at = moment
    state.save()
    return page


def test_the_queue_is_due_by_working_days(alpha):
    page = waiting_since(FRIDAY)
    (item,) = [item for item in waiting_reviews(user("alpha_content")) if item.page_id == page.pk]
    assert words(item.deadline) == "11-30 23:59:59"


def test_what_came_in_over_the_weekend_is_due_with_mondays(alpha, monkeypatch):
    saturday = FRIDAY + timezone.timedelta(days=1)
    later, earlier = waiting_since(saturday), waiting_since(FRIDAY)
    monday = datetime(2026, 11, 30, 23, 0, tzinfo=CHINA)
    monkeypatch.setattr("govplatform.review.submission.queue.timezone.now", lambda: monday)
    found = [item for item in waiting_reviews(user("alpha_content")) if item.page_id in (later.pk, earlier.pk)]
    assert [(item.page_id, item.late) for item in found] == [(earlier.pk, False), (later.pk, False)]
    assert {words(item.deadline) for item in found} == {"11-30 23:59:59"}


def test_a_pack_in_hours_is_late_on_the_weekend(alpha, settings, tmp_path):
    use_pack(alpha, settings, tmp_path, limit("review_deadline", 24, "hours"))
    page = waiting_since(FRIDAY)
    (item,) = [item for item in waiting_reviews(user("alpha_content")) if item.page_id == page.pk]
    assert words(item.deadline) == "11-28 15:00:00"


def test_a_claim_ends_by_the_pack(alpha, settings, tmp_path):
    use_pack(alpha, settings, tmp_path, limit("claim", 1, "working_days"))
    page = waiting_since(timezone.now())
    claim_review(page, acting_user=user("alpha_content"))
    assert words(Claim.objects.get().expires_at).endswith("23:59:59")


def test_a_withdrawal_at_once_is_to_be_confirmed_by_the_end_of_a_working_day(alpha):
    withdrawal = withdraw_page(live_article(), acting_user=user("supervisor"), reason="有误。", break_glass=True)
    assert words(withdrawal.confirm_by).endswith("23:59:59")


def test_a_push_is_due_by_the_unit_of_the_receiving_site(alpha, site, settings, tmp_path):
    from content_library.distribution.pushes.actions import due_at_of

    use_pack(alpha, settings, tmp_path, limit("repost_important_policy", 1, "working_days"))
    assert words(due_at_of(alpha, FRIDAY)) == "11-30 23:59:59"
    assert words(due_at_of(site("beta"), FRIDAY)) == "11-28 15:00:00"


def test_first_columns_have_the_limits_of_the_sites_pack(alpha, settings, tmp_path):
    from sites.columns.defaults import default_columns

    use_pack(alpha, settings, tmp_path, limit("news_stale", 7, "days") + limit("notice_stale", 90, "days"))
    with tenant_context(alpha):
        limits = {column.slug: column.update_limit_days for column in default_columns(alpha)}
    assert (limits["news"], limits["notices"], limits["policies"], limits["interpretations"]) == (7, 90, 90, 90)
    assert (limits["data"], limits["annual"], limits["services"]) == (92, 366, None)
