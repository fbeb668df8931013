"""A value that no field could hold: it neither comes past the check before the review nor locks its draft."""

import json
from datetime import UTC, datetime

import pytest

from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.submission.actions import submit_for_review
from sites.articles.models import Article
from sites.pages.one_line import joined
from sites.policies.models import PolicyDocument
from sites.writing.copying import copy_as_draft
from sites.writing.placing import Place, place_draft
from sites.writing.planning import plan_draft
from tests import factories
from tests.structured.test_offices import sent_with

SCRIPT = "<script>alert(1)</script>"


def block(kind: str, **values: str) -> dict[str, str]:
    head = {"type": kind, "order": "0", "deleted": "", "id": SCRIPT}
    parts = {**head, **{f"value-{name}": value for name, value in values.items()}}
    return {"body-count": "1", **{f"body-0-{name}": value for name, value in parts.items()}}


#: Bodies that a form can send and no reader may get.
BODIES = {
    "long": block("heading", level="2", text="长" * 300),
    "level": block("heading", level=SCRIPT, text="标题"),
    "cell": block("table", grid=json.dumps({"rows": [["长" * 3000]]})),
    "cells": block("table", grid=json.dumps({"rows": [["1"] * 201] * 100})),
}


def saved(editor, page, **typed):
    address = f"/admin/pages/{page.pk}/edit/"
    _html, sent = sent_with(editor, address, title="标题", validity="in_force", issued_on="2026-03-02")
    answer = editor.post(address, {**sent, **typed})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return type(page).objects.get(pk=page.pk)


def newest(page):
    return page.get_latest_revision_as_object()


def reasons_against(page):
    with pytest.raises(Refused) as refused:
        submit_for_review(page, acting_user=factories.user("alpha_editor"))
    return "".join(refused.value.reasons)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_wrong_body_is_refused_on_every_way_to_the_review(alpha, console, body):
    editor = console("alpha_editor", "alpha")
    page = saved(editor, factories.draft_policy(), issued_on="三月二日", **body)
    copy = copy_as_draft(page, acting_user=factories.user("alpha_editor"))
    article = place_draft(page, Place(kind="article"), acting_user=factories.user("alpha_editor"))
    for one in (copy, article):
        assert "“正文”里填的还不能用：第 1 块" in reasons_against(one)
        # Whatever a version remembers of it: the body itself is asked.
        forgotten = newest(one)
        forgotten.left_as_typed = {}
        with holding():
            forgotten.save_revision(clean=False)
        assert "“正文”里填的还不能用：第 1 块" in reasons_against(one)
    html = editor.post(f"/admin/pages/{copy.pk}/edit/", _again(editor, copy, body), follow=True).content.decode()
    assert "但还不能送审" in html and SCRIPT not in html


def _again(editor, page, body):
    _html, sent = sent_with(editor, f"/admin/pages/{page.pk}/edit/", title="标题", validity="in_force")
    return {**sent, **body, "issued_on": "2026-03-02", "action-submit": "1", "over_newer": "1"}


def test_what_is_left_goes_and_comes_back_with_the_kind(alpha, console):
    page = saved(console("alpha_editor", "alpha"), factories.draft_policy(), issued_on="三月二日", summary="长" * 501)
    first = page.latest_revision_id
    editor = factories.user("alpha_editor")
    article = place_draft(page, Place(kind="article"), acting_user=editor)
    assert list(newest(article).left_as_typed) == ["summary"]
    # An older version is of the kind that the page was.
    assert list(article.revisions.get(pk=first).as_object().left_as_typed) == ["summary"]
    assert article.revisions.get(pk=first).as_object().reasons_left()
    policy = place_draft(Article.objects.get(pk=page.pk), Place(kind="policy"), acting_user=editor)
    assert newest(policy).left_as_typed["issued_on"]["typed"] == "三月二日"
    assert "“成文日期”里填的还不能用" in reasons_against(policy)


@pytest.mark.parametrize("sent", ["abc", "{}", "9" * 400, "999999"])
def test_no_number_of_a_picture_locks_the_draft(alpha, console, sent):
    editor = console("alpha_editor", "alpha")
    picture = factories.image()
    page = saved(editor, factories.draft_policy(picture=picture), picture=sent)
    assert "“题图”里填的还不能用" in reasons_against(page)
    html = editor.get(f"/admin/pages/{page.pk}/edit/")
    assert html.status_code == 200
    # What is stored is shown, and goes on standing there with the next click.
    assert f'value="{picture.pk}"' in html.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("２０２６年３月２日", "2026-03-02"),
        ("２０２６－０３－０２", "2026-03-02"),
        ("2026年2月30日", None),
        ("民国115年3月2日", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("\u202e2026-03-02" + SCRIPT, None),
    ],
)
def test_a_date_is_one_of_our_time_or_is_left(alpha, console, typed, kept):
    editor = console("alpha_editor", "alpha")
    page = saved(editor, factories.draft_policy(), issued_on=typed, go_live_at=typed)
    version = newest(page)
    assert set(version.left_as_typed) == ({"issued_on", "go_live_at"} if kept is None else set())
    if kept is None:
        assert version.left_as_typed["issued_on"]["typed"] == typed
        assert (str(version.issued_on), version.go_live_at) == ("2026-03-02", None)
        assert SCRIPT not in editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    else:
        assert str(version.issued_on) == kept and f"{version.go_live_at:%d %H:%M}" == "02 00:00"


def test_what_an_act_fills_in_is_left_no_more(alpha, console):
    editor = factories.user("alpha_editor")
    wrong = {"go_live_at": "明天", "title": "长" * 300, "picture": "999999"}
    page = saved(console("alpha_editor", "alpha"), factories.draft_policy(), **wrong)
    assert set(newest(page).left_as_typed) == set(wrong)
    plan_draft(page, datetime(2099, 1, 1, tzinfo=UTC), acting_user=editor)
    assert set(newest(PolicyDocument.objects.get(pk=page.pk)).left_as_typed) == {"title", "picture"}
    copy = copy_as_draft(page, title="新的标题", acting_user=editor)
    assert set(newest(copy).left_as_typed) == {"picture"} and newest(copy).title == "新的标题"


def test_what_is_masked_is_masked_in_what_is_left_too(alpha, console):
    number = "13812345678"
    page = saved(
        console("alpha_editor", "alpha"), factories.draft_policy(summary=f"电话{number}"), summary=f"电话{number}" * 50
    )
    version = newest(page)
    version.mask_values({number: "138****5678"})
    with holding():
        version.save_revision(clean=False)
    page = PolicyDocument.objects.get(pk=page.pk)
    assert number not in str(page.get_latest_revision().content)
    assert "138****5678" in newest(page).left_as_typed["summary"]["typed"]


def test_a_sentence_does_not_grow_with_what_was_typed(alpha, console):
    page = saved(console("alpha_editor", "alpha"), factories.draft_policy(), validity="x" * 100_000)
    version = newest(page)
    assert version.left_as_typed["validity"]["typed"] == "x" * 100_000
    assert len(version.left_as_typed["validity"]["said"][0][0]) <= 300


def test_a_title_is_joined_in_time_however_it_is_blown_up():
    """Searched for with one pattern, a hundred thousand blanks took minutes."""
    assert joined("长" + " " * 1_000_000 + "长\n") == "长" + " " * 1_000_000 + "长"
    assert joined("长" + " \n\v\f\x85\u2028\u2029" * 200_000 + "长") == "长长"
    assert joined("AI" + "\n " * 500_000 + "plus") == "AI plus"


def test_the_same_field_is_read_by_every_kind(alpha):
    """Of a kind that is gone or renamed a version may name what no field is called any more."""
    page = factories.draft_policy()
    left = {"no_field": {"typed": "x", "said": [["y", "z"]]}}
    content = {**page.get_latest_revision().content, "left_as_typed": left}
    assert not PolicyDocument.objects.get(pk=page.pk).with_content_json(content).reasons_left()
