"""置顶: first in the list of a column with a mark, by itself no longer after its last day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from govplatform.audit.models import Entry
from govplatform.console.audit_sentences import Names, say
from govplatform.refusals import Refused
from govplatform.review.models import Clearance
from govplatform.review.submission.actions import withdraw_page
from sites.columns.feeds import FEED_ITEMS
from sites.columns.models import Column, Pin
from sites.columns.pinning import MOST_PINS, pin_page, unpin_page
from tests.console.conftest import citizen, console  # noqa: F401
from tests.factories import column, draft_article, user
from tests.verbs import call_verb

MARK = '<span class="list-mark">置顶</span>'


def titles(citizen, path="/news/"):  # noqa: F811
    said = citizen.get(path).content.decode().partition("column-sheet")[2]
    return [part.partition("</a>")[0].rpartition(">")[2].strip() for part in said.split("<li><a href=")[1:]], said


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.usefixtures("alpha")
class TestList:
    def test_it_stands_first_with_a_mark_until_its_day_is_over(self, live, console, citizen):  # noqa: F811
        oldest, clearances = live("article"), Clearance.objects.count()
        editor = console("alpha_editor", "alpha")
        address = f"/admin/writing/pin/{oldest.pk}/"
        assert "置顶" in editor.get(f"/admin/pages/{oldest.pk}/edit/").content.decode()
        sent = {"column": column().pk, "last_day": today().isoformat()}
        assert editor.post(address, sent).status_code == 302
        assert "栏目“工作动态”的置顶" in editor.get(address).content.decode()
        public = citizen("alpha")
        shown, said = titles(public)
        assert shown[0] == oldest.title and said.count(MARK) == 1
        assert titles(public, "/news/?page=1")[0] == shown
        feed = public.get("/news/feed.xml").content.decode()
        assert feed.count("<item>") <= FEED_ITEMS and not feed.partition("<item>")[2].startswith(oldest.title)
        Pin.objects.update(last_day=today(-1))
        after, said = titles(public)
        assert MARK not in said and after[0] != oldest.title and set(after) == set(shown)
        assert Clearance.objects.count() == clearances

    def test_what_is_withdrawn_is_in_no_list(self, live, citizen):  # noqa: F811
        page = live("article")
        pin_page(page, column(), today(3), acting_user=user("alpha_editor"))
        withdraw_page(page, acting_user=user("alpha_content"), reason="信息有误。")
        assert page.title not in titles(citizen("alpha"))[0]

    def test_it_is_taken_back_and_both_are_on_record_in_words(self, live, console):  # noqa: F811
        page, editor = live("article"), console("alpha_editor", "alpha")
        pin_page(page, column(), today(3), acting_user=user("alpha_editor"))
        assert editor.post(f"/admin/writing/pin/{page.pk}/", {"column": column().pk, "unpin": "1"}).status_code == 302
        assert not Pin.objects.exists()
        said = [say(entry, Names()).sentence for entry in Entry.objects.filter(act__contains="pin").order_by("pk")]
        assert f"把《{page.title}》在栏目“工作动态”置顶到 {today(3)}" in said[0]
        assert f"取消了《{page.title}》在栏目“工作动态”的置顶" in said[1]

    def test_bad_input_is_told_and_nothing_is_lost(self, live, console):  # noqa: F811
        page, editor = live("article"), console("alpha_editor", "alpha")
        for sent, words in (
            ({"column": column("notices").pk, "last_day": today()}, "重新选择"),
            ({"column": column().pk, "last_day": "31.12.2026"}, "2026-12-31 这样"),
            ({"column": column().pk, "last_day": today(-1)}, "已经过去"),
        ):
            assert words in editor.post(f"/admin/writing/pin/{page.pk}/", sent).content.decode()
        assert not Pin.objects.exists()


def test_what_may_not_be_pinned_says_why(alpha, live, subtests):
    page, draft = live("article"), draft_article()
    cases = (
        (draft, column(), today(), "发布之后才能置顶"),
        (column("notices"), column("notices"), today(), "是首页或栏目"),
        (page, column("notices"), today(), "列表里没有"),
        (page, column(), today(-1), "已经过去"),
    )
    for what, where, day, words in cases:
        with subtests.test(words), pytest.raises(Refused, match=words):
            pin_page(what, where, day, acting_user=user("alpha_editor"))
    Column.objects.filter(slug="news").update(list_template="catalogue")
    with subtests.test("a register has no pins"), pytest.raises(Refused, match="公开目录，按发布日期编排"):
        pin_page(page, column(), today(), acting_user=user("alpha_editor"))
    Column.objects.filter(slug="news").update(list_template="")
    with pytest.raises(Refused, match="没有在栏目"):
        unpin_page(page, column(), acting_user=user("alpha_editor"))
    names = ("second", "third", "mirror_source", "pinned_source", "link_source")
    for name in names[:MOST_PINS]:
        pin_page(live(name), column(), today(), acting_user=user("alpha_editor"))
    with pytest.raises(Refused, match=f"已有 {MOST_PINS} 条置顶（.*第三条信息.*）"):
        pin_page(page, column(), today(), acting_user=user("alpha_editor"))
    pin_page(live("second"), column(), today(9), acting_user=user("alpha_editor"))


def test_the_verb(alpha, live):
    words = ("pin_page", "--site", "alpha", "--page", str(live("article").pk), "--as", "alpha_editor", "--json")
    assert f'"until": "{today(2)}"' in call_verb(*words, "--until", str(today(2))).stdout
    assert call_verb(*words, "--until", "morgen").returncode == 3
    assert '"pinned": []' in call_verb(*words, "--end").stdout
