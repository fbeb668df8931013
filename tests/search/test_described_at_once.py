"""What is read for the index is read for all documents of a job at once."""

import pytest

from content_library.models import Resource
from search.indexing.actions import index_resources, stale_resources
from search.models import SearchDocument
from tests.statements import Statements

pytestmark = pytest.mark.django_db


def _read_for(ids):
    with Statements() as asked:
        assert stale_resources(ids) == set()
    return len(asked)


def test_many_documents_are_read_with_as_many_statements_as_one(live):
    source, others = live.resource("mirror_source"), [live.resource(kind) for kind in ("article", "policy")]
    live("mirror", "beta")
    same_site = Resource.objects.filter(pk__in=[source.pk, *(one.pk for one in others)], tenant=source.tenant)
    ids = sorted(same_site.values_list("pk", flat=True))
    assert len(ids) == 3
    index_resources(ids)
    places = {row.resource_id: len(row.places) for row in SearchDocument.objects.filter(resource__in=ids)}
    assert places == dict.fromkeys(ids, 1) | {source.pk: 2}
    alone = max(_read_for([pk]) for pk in ids)
    assert _read_for(ids) <= alone
