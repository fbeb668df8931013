"""Things for hostile requests to name: one of each kind that a console address leads to."""

from typing import Any

from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context
from wagtail.models import Collection, Revision

from content_library.harvesting.actions import add_source
from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.addresses.known import Kind
from govplatform.addresses.models import Address
from govplatform.archive.models import Archive
from govplatform.dictionaries.actions import add_word
from govplatform.lifecycle.models import SiteBatch, SiteOpening
from govplatform.tenancy.queries import get_tenant
from search.synonyms.actions import add_synonyms
from sites.arrivals.models import Arrival, SurveyedAddress
from sites.documents_in.models import ImportBatch, ImportItem
from tests.factories import column, document, draft_article, image, live_article, submit, user
from tests.rights.acts_of_letters import letter
from tests.rights.acts_of_surveys import answered_survey

#: What is sent in the place of any value. NUL and lone surrogates have tests of their own.
VALUES = {
    "the first day of the calendar": "0001-01-01",
    "the last day of the calendar": "9999-12-31",
    "a number beyond every column": "9" * 40,
    "a digit that is no number": "²",
    "an over-long value that begins like none": "[" + "长" * 3000,
}


def plant() -> dict[str, Any]:
    """Argument of an address -> what exists on alpha or the platform; ``variants``: the arguments that name a page."""
    operator = User.objects.get(username="operator")
    with schema_context("public"):
        source = add_source("邻省", "https://library.neighbour.example/", acting_user=operator)
        word = add_word(None, acting_user=operator, word="测试词", kind="wrong", severity="warn", suggestion="改")
        opening = SiteOpening.objects.create(facts={"full_name": "测试县", "code": "ceshi"}, requested_by=operator)
        batch = SiteBatch.objects.create(filename="sites.csv", requested_by=operator)
        archive = Archive.objects.create(tenant=get_tenant("alpha"), state=Archive.State.DONE)
        synonyms = add_synonyms(["一网通办", "在线办事"], acting_user=None)
    with tenant_context(get_tenant("alpha")):
        editor = user("alpha_editor")
        picture, paper = image(uploader="alpha_editor"), document(uploader="alpha_editor")
        live, draft, waiting = live_article(), draft_article(), draft_article()
        submit(waiting)
        imported = ImportBatch.objects.create(column=column(), column_title="x", started_by=editor)
        item = ImportItem.objects.create(batch=imported, filename="a.txt", state="failed")
        arrival = Arrival.objects.create(
            host="old.example", source_name="old.warc", state="surveyed", surveyed_at=timezone.now(),
            started_by=editor, uploaded_by=editor,
        )  # fmt: skip
        SurveyedAddress.objects.create(arrival=arrival, number=1, address="http://old.example/", key="0", result="page")
        resource = Resource.objects.get(tenant__code="alpha", page_id=live.pk)
        address = Address.objects.get(tenant__code="alpha", kind=Kind.PAGE, object_id=live.pk)

        def of(page: Any) -> dict[str, Any]:
            revision = Revision.objects.filter(object_id=str(page.pk)).first()
            return {
                "page_id": page.pk, "page_to_move_id": page.pk, "object_id": page.pk, "pk": page.pk, "page_pk": page.pk,
                "parent_page_id": page.get_parent().pk, "destination_id": column("notices").pk,
                "revision_id": revision.pk if revision else 1,
            }  # fmt: skip

        return {
            "variants": [of(page) for page in (draft, waiting, live, column())]
            + [{**of(draft), "pk": picture.pk, "model_name": "image", "app_label": "wagtailimages", "action": "delete"}]
            + [{**of(draft), "pk": paper.pk}],
            "workflow_state_id": 1, "task_state_id": 1, "task_id": 1, "workflow_pk": 1, "session_id": 1,
            "collection_id": Collection.objects.first().pk, "image_id": picture.pk, "document_id": paper.pk,
            "doc_id": paper.pk, "uploaded_file_id": 1, "action": "move", "action_name": "approve",
            "app_label": "wagtailcore", "app_name": "taggit", "model_name": "page",
            "content_type_app_name": "articles", "content_type_model_name": "article", "filter_spec": "original",
            "schema": get_tenant("alpha").schema_name, "sm3": "0" * 64, "resource_uuid": resource.uuid,
            "name": paper.filename, "uidb64": "MQ", "token": "x-y", "step": "content", "site": "alpha",
            "code": "national", "username": "alpha_editor", "user_id": user("alpha_content").pk, "role": "editor",
            "job_id": 1, "opening_id": opening.pk, "vocabulary": "subject", "term_code": "0201",
            "reclassification_id": 1, "source_id": source.pk, "number": 1, "slug": "news", "word_id": word.pk,
            "list_name": "notices", "what": "submit", "case_id": letter("assigned").pk,
            "survey_id": answered_survey().survey_id,
            "item_id": item.pk, "archive_id": archive.pk, "address_id": address.pk,
            # An import's on a site's console, a table of sites on the platform's.
            "group_id": synonyms.pk, "arrival_id": arrival.pk, "batch_id": imported.pk, "site_batch_id": batch.pk,
        }  # fmt: skip
