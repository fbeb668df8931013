"""The name of a file is no proof of having it: a source gets the bytes that it sent, and no others."""

import pytest
from django_tenants.utils import tenant_context

from content_library.harvesting import actions
from content_library.harvesting.actions import add_source, harvest
from content_library.harvesting.models import DeliveredFile
from content_library.models import Resource, ResourceFile
from content_library.resources.actions import withdraw_resource
from content_library.resources.blobs import open_blob
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.outward.feed_documents import change, counts, document, gone, paper, serve_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(feed):
    return add_source("邻市", feed.url, acting_user=None)


@pytest.fixture
def run(source):
    def read(of=source):
        of.refresh_from_db()
        return harvest(of, sleep=lambda seconds: None)

    return read


def naming(file):
    """A document of another platform that names a file of this one."""
    named = {"kind": "document", "name": file.name, "sm3": file.blob_id, "size": file.blob.size}
    return document(files=[{**named, "content_type": "text/plain"}])


def asked_for_files(feed):
    return [path for path in feed.asked if "/files/" in path]


def foreign_files():
    return ResourceFile.objects.filter(version__resource__tenant=None)


@pytest.mark.parametrize("taken_back", [False, True], ids=["live", "withdrawn"])
def test_a_file_of_ours_is_not_had_by_naming_it(feed, run, live, taken_back):
    file = live.file("mirror_source")
    if taken_back:
        with tenant_context(get_tenant("alpha")):
            withdraw_page(live("mirror_source"), acting_user=factories.user("alpha_content"), reason="有误")
    feed.says(change(naming(file)))
    assert counts(run()) == ("done", 0, 0, 0, 1)
    assert asked_for_files(feed) and not foreign_files().exists()


def test_a_file_that_another_source_sent_is_not_had_by_naming_it(feed, run):
    sent = paper(b"bytes of one")
    serve_file(feed, sent, b"bytes of one")
    feed.says(change(sent))
    assert run().new == 1
    feed.answers = {}
    other = add_source("别处", feed.url.replace("127.0.0.1", "localhost"), acting_user=None)
    feed.says(change(paper(b"bytes of one")), cursor="2-2")
    assert counts(run(other)) == ("done", 0, 0, 0, 1)
    assert foreign_files().count() == 1


def test_what_a_source_sent_it_need_not_send_again(feed, run, source):
    first = paper(b"the same bytes")
    serve_file(feed, first, b"the same bytes")
    feed.says(change(first))
    run()
    second = {**first, "version": 2, "digest": "2" * 64, "html": "<p>改</p>"}
    feed.says(change(second), change(paper(b"the same bytes")), cursor="2-2")
    serve_file(feed, first, b"the same bytes")
    assert counts(run())[:3] == ("done", 1, 1)
    feed.says(change({**second, "version": 3, "digest": "3" * 64}), cursor="3-3")
    feed.asked.clear()
    assert counts(run())[:3] == ("done", 0, 1)
    assert not asked_for_files(feed)
    assert list(DeliveredFile.objects.values_list("source", "blob")) == [(source.pk, first["files"][0]["sm3"])]


def test_what_came_before_deliveries_were_noted_is_fetched_once_more(feed, run):
    first = paper(b"early bytes")
    serve_file(feed, first, b"early bytes")
    feed.says(change(first))
    run()
    DeliveredFile.objects.all().delete()
    feed.answers = {}
    feed.says(change({**first, "version": 2, "digest": "2" * 64}), cursor="2-2")
    assert counts(run()) == ("done", 0, 0, 0, 1)
    serve_file(feed, first, b"early bytes")
    feed.says(change({**first, "version": 2, "digest": "2" * 64}), cursor="3-3")
    assert counts(run())[:3] == ("done", 0, 1)
    assert DeliveredFile.objects.count() == 1


def test_a_file_that_was_recalled_here_does_not_come_back_by_its_name(feed, run):
    first = paper(b"recalled bytes")
    serve_file(feed, first, b"recalled bytes")
    feed.says(change(first))
    run()
    withdraw_resource(Resource.objects.get(), reason="监管员收回")
    feed.answers = {}
    feed.says(change(paper(b"recalled bytes")), cursor="2-2")
    assert counts(run()) == ("done", 0, 0, 0, 1)
    assert foreign_files().count() == 1


def test_a_file_that_somebody_else_withdrew_has_to_be_sent_again(feed, run, live):
    ours = live.file("mirror_source")
    with open_blob(ours.blob_id) as stream:
        content = stream.read()
    sent = paper(content, name=ours.name)
    serve_file(feed, sent, content)
    feed.says(change(sent))
    assert run().new == 1
    with tenant_context(get_tenant("alpha")):
        withdraw_page(live("mirror_source"), acting_user=factories.user("alpha_content"), reason="有误")
    feed.asked.clear()
    feed.says(change(paper(content, name=ours.name)), cursor="2-2")
    assert run().new == 1 and asked_for_files(feed)


def test_what_leaves_with_the_same_page_is_nothing_to_build_on(feed, run):
    first = paper(b"leaving bytes")
    serve_file(feed, first, b"leaving bytes")
    feed.says(change(first))
    run()
    feed.asked.clear()
    feed.says(gone(first), change(paper(b"leaving bytes")), cursor="2-2")
    assert counts(run()) == ("done", 1, 0, 1, 0)
    assert asked_for_files(feed)


def test_what_is_withdrawn_while_a_page_is_taken_in_stays_out(feed, run, monkeypatch):
    first = paper(b"bytes in between")
    serve_file(feed, first, b"bytes in between")
    feed.says(change(first))
    run()
    real = actions.take_in

    def withdrawn_meanwhile(*words, **named):
        withdraw_resource(Resource.objects.get(uuid=first["uuid"]), reason="监管员收回")
        return real(*words, **named)

    monkeypatch.setattr(actions, "take_in", withdrawn_meanwhile)
    second = paper(b"bytes in between")
    feed.says(change(second), cursor="2-2")
    made = run()
    assert counts(made) == ("done", 0, 0, 0, 1) and "撤回" in made.faults[0]["reasons"][0]
    assert not Resource.objects.filter(uuid=second["uuid"]).exists()
