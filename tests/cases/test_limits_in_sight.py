"""Whoever has to do something about a letter sees its limit: handlers on their start page, reviewers of its answer."""

from datetime import UTC, datetime

from django.utils import timezone

from govplatform.accounts.models import User
from govplatform.cases.clock import limit_of
from govplatform.cases.models import Case
from govplatform.review.submission.queue import waiting_reviews
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answer_limits import duties_of_answers
from sites.interaction.correcting import open_correction

from .test_acts import assigned
from .test_error_reports import changed, forwarded, page  # noqa: F401
from .test_life import handed_in, person

LONG_AGO = datetime(2026, 1, 5, 8, tzinfo=UTC)


def _queue(console, who="beta_content"):
    return console(who, "beta").get("/admin/review/").content.decode()


def test_a_handler_sees_what_is_late_in_red_with_its_article(desk, console):
    late, in_time = assigned(title="路灯不亮"), assigned(title="井盖丢失")
    Case.objects.filter(pk=late.pk).update(due_at=LONG_AGO)
    article = limit_of(late).article
    html = console("beta_editor", "beta").get("/admin/").content.decode()
    panel = html[html.index("来信和纠错") :]
    row, other = (panel[panel.index(case.number) :].split("</tr>")[0] for case in (late, in_time))
    assert "w-status--critical" in row and "超期" in row and article in row and "2026-01-05" in row
    assert "超期" not in other and article not in other
    # The most urgent first, and nothing of it for whoever does not handle letters here.
    assert panel.index(late.number) < panel.index(in_time.number)
    assert late.number not in console("alpha_editor", "alpha").get("/admin/").content.decode()


def test_the_reviewer_of_an_answer_sees_the_limit_of_its_letter(desk, console):
    case, answer = handed_in(title="路灯")
    due = timezone.localtime(case.due_at)
    html, review = _queue(console), console("beta_content", "beta").get(f"/admin/review/{answer.pk}/").content.decode()
    assert "来信答复期限 <time" in html and f"{due:%Y-%m-%d}" in html and "已超期" not in html
    assert "来信答复期限" in review and limit_of(case).article not in review

    Case.objects.filter(pk=case.pk).update(due_at=LONG_AGO)
    article = limit_of(case).article
    html, review = _queue(console), console("beta_content", "beta").get(f"/admin/review/{answer.pk}/").content.decode()
    assert f"已超期：{article}" in html and '<strong class="bad">来信答复期限' in html
    assert article in review
    # What is late so stands first, and is found as late.
    [item] = waiting_reviews(User.objects.get(username="beta_content"))
    assert item.late and item.deadline == LONG_AGO
    private, _page = handed_in(kind="report", title="举报")
    assert [one.duty.due for one in waiting_reviews(person("beta_content"))] == [LONG_AGO, private.due_at]


def test_an_answer_that_waits_for_nobody_has_no_limit(desk):
    case, answer = handed_in()
    key = (get_tenant("beta").pk, answer.pk)
    assert duties_of_answers([key])[key].due == case.due_at
    assert duties_of_answers([(get_tenant("alpha").pk, answer.pk)]) == duties_of_answers([]) == {}
    Case.objects.filter(pk=case.pk).update(state="assigned")
    assert duties_of_answers([key]) == {}


def test_the_reviewer_of_a_correction_sees_it_too(page, console):  # noqa: F811
    case = forwarded(page)
    open_correction(case, acting_user=person("beta_editor"), answer="已更正。")
    changed(page)
    Case.objects.filter(pk=case.pk).update(due_at=LONG_AGO)
    review = console("beta_content", "beta").get(f"/admin/review/{page.pk}/").content.decode()
    assert "来信答复期限" in review and limit_of(case).article in review


def test_the_queue_asks_about_letters_only_where_there_are_answers(desk, django_assert_max_num_queries):
    """However many answers wait: places and hosts, the queue, duties of pushes, and what letters are asked for."""
    for number in range(3):
        handed_in(title=f"第{number}件")
    reviewer = person("beta_content")
    with django_assert_max_num_queries(11):
        assert len(waiting_reviews(reviewer)) == 3
