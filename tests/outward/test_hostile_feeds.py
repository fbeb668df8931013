"""Another platform that means no good, or is broken: nothing of it comes in, and the rest does."""

import json
import time
import uuid

import pytest

from content_library.harvesting import actions
from content_library.harvesting.actions import add_source, harvest
from content_library.harvesting.fetching import (
    FetchFault,
    Policy,
    fetch,
    may_lead_to,
)
from content_library.harvesting.models import HarvestedResource, HarvestRun
from content_library.models import Change, Resource
from tests import factories

from .feed_documents import change, counts, document, gone, paper, serve_file

pytestmark = pytest.mark.django_db


def test_what_is_sound_comes_in_beside_what_is_not(feed, run):
    good, other = document(), document(metadata={"title": "又一条"})
    bad = [
        change(document(metadata={"disclosure": "on_request"})),
        change(document(kind="virus")),
        change(document(extra="field")),
        change(document(version="1")),
        change(document(metadata={"title": "x" * 300})),
        change(document(metadata={"title": "a\x00b"})),
        {**change(document()), "uuid": str(uuid.uuid4())},
        {"uuid": str(uuid.uuid4()), "status": "in_force"},
        {"uuid": "../../etc/passwd", "status": "in_force"},
        {"uuid": 7, "status": "in_force"},
        "text",
        None,
    ]
    feed.says(change(good), *bad, change(other))
    made = run()
    assert counts(made) == ("done", 2, 0, 0, len(bad)), made.faults
    assert all(fault["reasons"] for fault in made.faults)
    assert set(Resource.objects.values_list("title", "status")) == {("邻市信息", "imported"), ("又一条", "imported")}


def test_script_in_html_is_cleaned(feed, run):
    html = (
        '<p onclick="x()">甲<script>alert(1)</script></p><img src="https://evil.example/x.png" onerror="x()">'
        '<a href="javascript:x()">乙</a><iframe src="//evil.example"></iframe><svg><script>1</script></svg>'
    )
    feed.says(change(document(html=html)))
    run()
    kept = Resource.objects.get().current.html
    assert not [word for word in ("script", "onclick", "onerror", "iframe", "evil", "svg") if word in kept]
    assert "甲" in kept and "乙" in kept


def test_files_are_what_their_sm3_says(feed, run):
    good, forged, longer, missing = (paper(word.encode()) for word in ("good", "forged", "longer", "missing"))
    serve_file(feed, good, b"good")
    serve_file(feed, forged, b"FORGED")
    serve_file(feed, longer, b"longer than was said")
    feed.says(change(forged), change(missing), change(good))
    made = run()
    assert counts(made) == ("done", 1, 0, 0, 2)
    assert [fault["uuid"] for fault in made.faults] == [missing["uuid"], forged["uuid"]]
    feed.says(change(longer), cursor="2-2")
    assert run().state == "failed" and Resource.objects.count() == 1


def test_names_of_files_lead_nowhere(feed, run):
    for name in ("../../etc/passwd", "a/b", 'x".txt', "a\nb"):
        feed.says(change(paper(b"x", name=name)))
        assert counts(run())[1:] == (0, 0, 0, 1)
    assert not [path for path in feed.asked if "files" in path]


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"<html>"), (200, {}, b"[" * 200_000), (200, {}, b"\xff\xfe"), (200, {}, b"[]"), (200, {}, b"null"),
        (200, {}, b'{"changes": {}, "cursor": "1-1", "more": false}'),
        (200, {}, b'{"changes": [], "cursor": 5, "more": false}'),
        (200, {}, b'{"changes": [], "cursor": "", "more": false}'),
        (200, {}, b'{"changes": [], "cursor": "a\\nb", "more": false}'),
        (200, {}, b'{"changes": [], "cursor": "1-1", "more": 1}'),
        (200, {}, json.dumps({"changes": [1] * 51, "cursor": "1-1", "more": False}).encode()),
        (200, {"Content-Length": "99999999999"}, b"{}"), (200, {"Content-Length": "50"}, b"{}"),
        (200, {"Content-Encoding": "gzip"}, b"x"), (500, {}, b""), (204, {}, b""), (403, {}, b""),
        (302, {"Location": "file:///etc/passwd"}, b""), (302, {"Location": "gopher://127.0.0.1/"}, b""),
        (302, {"Location": "http://169.254.169.254/latest/"}, b""), (302, {"Location": "//[::1]/"}, b""),
        (302, {"Location": "/api/library/changes"}, b""), (302, {}, b""), (302, {"Location": "http://["}, b""),
    ],
)  # fmt: skip
def test_broken_answers_end_the_run_and_nothing_else(feed, run, source, answer):
    feed.answers["/api/library/changes"] = answer
    made = run()
    assert made.state == "failed" and any("一" <= letter <= "鿿" for letter in made.error)
    source.refresh_from_db()
    assert (source.cursor, source.failures) == ("", 1) and source.last_error == made.error
    assert len(feed.asked) <= 8


def test_a_huge_answer_is_not_read_to_its_end(feed, run, monkeypatch):
    monkeypatch.setattr(actions, "LARGEST_PAGE", 100_000)
    sent = []

    def endless(path):
        def body():
            for _number in range(10_000):
                sent.append(1)
                yield b"x" * 10_000

        return 200, {}, body()

    feed.answers["/api/library/changes"] = endless
    assert run().state == "failed"
    assert len(sent) < 10_000


def test_a_slow_answer_is_not_waited_for(feed):
    def drip(path):
        def body():
            for _number in range(200):
                time.sleep(0.02)
                yield b"x"

        return 200, {}, body()

    feed.answers["/api/library/changes"] = drip
    with pytest.raises(FetchFault, match="太慢"):
        fetch(f"{feed.url}changes", most=1000, policy=Policy(deadline=time.monotonic() + 0.3))


def test_endless_paging_ends(feed, run, monkeypatch):
    feed.says(cursor="1-1", more=True)
    assert "没有前进" in run().error
    monkeypatch.setattr(actions, "MOST_PAGES", 5)
    numbers = iter(range(1000))

    def onward(path):
        return 200, {}, json.dumps({"changes": [], "cursor": f"9-{next(numbers)}", "more": True}).encode()

    feed.answers["/api/library/changes"] = onward
    feed.asked.clear()
    made = run()
    assert made.state == "done" and len(feed.asked) == 5 and made.cursor == "9-4"


def test_asked_to_wait_it_waits(feed, source):
    waits = []
    busy = iter([(429, {"Retry-After": "7"}, b""), (503, {"Retry-After": "3"}, b"")])
    feed.says(change(document()))
    page = feed.answers["/api/library/changes"]
    feed.answers["/api/library/changes"] = lambda path: next(busy, page)
    assert harvest(source, sleep=waits.append).new == 1
    assert waits == [7.0, 3.0]


def test_an_older_version_never_follows_a_newer_one_on_a_page(feed, run):
    first = document(metadata={"title": "旧版"})
    second = {**first, "version": 2, "digest": "2" * 64, "metadata": {**first["metadata"], "title": "新版"}}
    feed.says(change(second), change(first))
    assert counts(run()) == ("done", 1, 0, 0, 1)
    assert (Resource.objects.get().title, Resource.objects.get().current.number) == ("新版", 2)
    assert HarvestedResource.objects.get().version == 2
    third = {**second, "version": 3, "digest": "3" * 64}
    feed.says(change(third), gone(third), change(second), cursor="2-2")
    assert counts(run()) == ("done", 0, 0, 1, 1)
    assert Resource.objects.get().is_withdrawn


def test_a_newer_version_that_cannot_be_read_keeps_the_older_one_out_of_nothing(feed, run):
    first = document()
    broken = {**first, "version": 9, "kind": "nonsense"}
    feed.says(change(broken), change(first))
    assert run().new == 1
    assert Resource.objects.get().current.number == 1


def test_a_byte_order_mark_before_json_is_read(feed, run):
    page = json.dumps({"changes": [change(document())], "cursor": "1-1", "more": False}).encode()
    feed.answers["/api/library/changes"] = (200, {}, b"\xef\xbb\xbf" + page)
    assert run().new == 1


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("http://a.example/x", "http://a.example/y", True),
        ("http://a.example:80/x", "http://a.example/y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("http://a.example/x", "https://a.example:443/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("https://a.example/x", "http://a.example:443/y", False),
        ("http://a.example/x", "http://a.example:8080/y", False),
        ("http://a.example:8080/x", "http://a.example/y", False),
        ("http://a.example:8080/x", "https://a.example/y", False),
        ("http://a.example/x", "https://a.example:8443/y", False),
        ("https://a.example/x", "https://a.example:22/y", False),
        ("http://a.example/x", "http://b.example/y", False),
    ],
)
@pytest.mark.unit
def test_a_redirect_changes_neither_scheme_downward_nor_port(before, after, allowed):
    assert may_lead_to(before, after) is allowed


def test_a_redirect_to_another_port_of_the_host_is_not_followed(feed):
    feed.answers["/api/library/changes"] = (302, {"Location": "http://127.0.0.1:1/api/library/changes"}, b"")
    with pytest.raises(FetchFault, match="转到了别处"):
        fetch(f"{feed.url}changes", most=1000, policy=Policy())
    assert len(feed.asked) == 1


def test_nobody_else_corrects_or_withdraws_what_a_source_brought(feed, run, source):
    made = document()
    feed.says(change(made))
    run()
    other = add_source("别处", feed.url.replace("127.0.0.1", "localhost"), acting_user=None)
    feed.says(gone(made), cursor="5-5")
    assert counts(harvest(other)) == ("done", 0, 0, 0, 1)
    feed.says(change({**made, "version": 2, "digest": "1" * 64, "html": "<p>假</p>"}), cursor="6-6")
    assert counts(harvest(other)) == ("done", 0, 0, 0, 1)
    resource = Resource.objects.get()
    assert (resource.status, resource.current.number) == ("imported", 1)


def test_our_own_do_not_come_back(feed, run, alpha):
    page = factories.live_article(title="本平台信息")
    resource = Resource.objects.get(page_id=page.pk)
    forged = document(uuid=str(resource.uuid), version=9)
    copied = document(origin=str(resource.uuid))
    feed.says(change(forged), change(copied), gone(forged))
    made = run()
    assert (made.new, made.changed, made.withdrawn, made.skipped) == (0, 0, 0, 2)
    resource.refresh_from_db()
    assert (resource.status, resource.title, Resource.objects.count()) == ("in_force", "本平台信息", 1)


def test_corrected_withdrawn_restored(feed, run):
    first = document()
    feed.says(change(first))
    assert counts(run())[:4] == ("done", 1, 0, 0)
    feed.says(change(first), cursor="2-2")
    assert counts(run())[:4] == ("done", 0, 0, 0)
    second = {**first, "version": 2, "digest": "2" * 64, "html": "<p>改</p>"}
    feed.says(change(second), cursor="3-3")
    assert counts(run())[:4] == ("done", 0, 1, 0)
    feed.says(gone(first), cursor="4-4")
    assert counts(run())[:4] == ("done", 0, 0, 1)
    assert Resource.objects.get().is_withdrawn
    feed.says(change(first), cursor="5-5")
    assert counts(run()) == ("done", 0, 0, 0, 1)
    feed.says(change(second, act="restored"), cursor="6-6")
    assert counts(run())[:4] == ("done", 0, 1, 0)
    resource = Resource.objects.get()
    assert (resource.status, resource.current.number) == ("imported", 2)
    acts = list(Change.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["imported", "imported", "withdrawn", "restored"]


def test_what_was_recalled_here_does_not_come_back_by_itself(feed, run):
    from content_library.resources.actions import withdraw_resource

    made = document()
    feed.says(change(made))
    run()
    withdraw_resource(Resource.objects.get(), reason="监管员收回")
    feed.says(change(made), change({**made, "version": 2, "digest": "2" * 64}), cursor="2-2")
    assert counts(run()) == ("done", 0, 0, 0, 1)
    assert Resource.objects.get().is_withdrawn


def test_a_new_class_at_the_origin_is_taken_over(feed, run):
    made = document(metadata={"subject_class": "02"})
    feed.says(change(made, resource={"subject_class": "06", "document_kind": 5, "audience": "x" * 999}))
    run()
    assert Resource.objects.get().subject_class == "06"
    feed.says(change(made, act="reclassified", resource={"subject_class": "10"}), cursor="2-2")
    assert counts(run())[:4] == ("done", 0, 1, 0)
    assert Resource.objects.get().subject_class == "10"


def test_a_page_is_committed_with_its_cursor_or_not_at_all(feed, run, source, monkeypatch):
    feed.says(change(document()), change(document(metadata={"title": "第二条"})))
    taken = iter([None])
    real = actions.take_in

    def killed(*args, **kwargs):
        if next(taken, "second") == "second":
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "take_in", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    source.refresh_from_db()
    assert (source.cursor, Resource.objects.count(), HarvestedResource.objects.count()) == ("", 0, 0)
    monkeypatch.setattr(actions, "take_in", real)
    assert counts(run())[:2] == ("done", 2)
    assert [one.state for one in HarvestRun.objects.order_by("pk")] == ["failed", "done"]


def test_failures_wait_longer_each_time(feed, run, source):
    feed.answers.clear()
    gaps = []
    for _attempt in range(6):
        made = run()
        source.refresh_from_db()
        gaps.append(source.due_at - made.finished_at)
    assert gaps == sorted(gaps) and gaps[-1] > gaps[0]
    feed.says()
    run()
    source.refresh_from_db()
    assert (source.failures, source.last_error) == (0, "")


def test_two_readers_of_one_source_do_not_overtake_each_other(feed, run, source, monkeypatch):
    real = actions.fetch

    def meanwhile(*words, **named):
        type(source).objects.filter(pk=source.pk).update(cursor="8-8")
        return real(*words, **named)

    monkeypatch.setattr(actions, "fetch", meanwhile)
    feed.says(change(document()), cursor="9-9")
    assert "另一进程" in run().error and not Resource.objects.exists()
