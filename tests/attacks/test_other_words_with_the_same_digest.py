"""A scan and an approval are of these words: others, however alike they look to a reader of JSON, are not covered."""

import pytest

from govplatform.review.gate.digest import page_digest
from govplatform.review.gate.scans import current_scan
from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import decide_review, take_back
from sites.articles.models import Article
from tests.factories import draft_article, publish, submit, user

from .conftest import is_live, refused

#: What was reviewed -> what an attacker would rather have had reviewed: the same to whoever reads it as JSON.
DISGUISES = {
    "an id that nobody counts": (
        '{"type":"x","value":"通知","id":"1"}',
        '{"type":"x","value":"通知","id":"内部电话"}',
    ),
    "a key written twice": ('{"a":"通知"}', '{"a":"机密★十年","a":"通知"}'),
    "blanks": ('["通知"]', '[ "通知" ]'),
    "another order": ('{"a":1,"b":2}', '{"b":2,"a":1}'),
    "another spelling": ('["通知"]', '["\\u901a\\u77e5"]'),
    "a number written otherwise": ("[1.0]", "[1.00]"),
}  # fmt: skip


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_summary_that_reads_as_json(alpha, disguise):
    reviewed, meant = DISGUISES[disguise]
    page = draft_article(summary=reviewed)
    before = page_digest(page)
    page.summary = meant
    assert page_digest(page) != before


def test_the_scan_of_other_words_does_not_count(alpha):
    reviewed, meant = DISGUISES["an id that nobody counts"]
    page = draft_article(summary=reviewed)
    submit(page)
    assert current_scan(page).state == "done"
    take_back(page, acting_user=user("alpha_editor"))
    page = Article.objects.get(pk=page.pk)
    page.summary = meant
    page.save_revision(user=user("alpha_editor"))
    assert current_scan(Article.objects.get(pk=page.pk)) is None


def test_a_live_page_whose_summary_was_rewritten_is_named(alpha):
    reviewed, meant = DISGUISES["a key written twice"]
    page = publish(draft_article(summary=reviewed))
    Article.objects.filter(pk=page.pk).update(summary=meant)
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]
    with refused("不一致"):
        Article.objects.get(pk=page.pk).save()


def test_a_page_cleared_by_the_old_digest_is_held_to_its_cleared_words(alpha, old_digests):
    """The old digest read plain fields as JSON; the cleared version is still there to be compared with."""
    reviewed, meant = DISGUISES["another order"]
    with old_digests():
        page = publish(draft_article(summary=reviewed))
    assert is_live(page) and find_gate_faults()[1] == []
    page.save()
    Article.objects.filter(pk=page.pk).update(summary=meant)
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]
    with refused("不一致"):
        Article.objects.get(pk=page.pk).save()


def test_a_review_begun_by_the_old_digest_is_brought_to_its_end(alpha, old_digests):
    page = draft_article()
    with old_digests():
        submit(page)
        decide_review(page, acting_user=user("alpha_content"), approve=True, opinion="同意。")
    decide_review(page, acting_user=user("alpha_secret"), approve=True, opinion="同意。")
    assert is_live(page) and find_gate_faults()[1] == []
