"""Content with sentinel words in everything that could leak, on both sites."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django_tenants.utils import tenant_context
from psycopg import sql
from wagtail.models import Collection, Revision, TaskState, WorkflowState

from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import submit_case
from govplatform.cases.letters import read_letter
from govplatform.tenancy.queries import get_tenant
from sites.arrivals.models import Arrival, SurveyedAddress
from tests.factories import document, draft_article, draft_policy, image, live_article, submit, user
from tests.layers import layered
from tests.rights.acts_of_surveys import answered_survey


@dataclass
class Planted:
    """What one site holds. ``secrets``: words that only its own draft readers may see."""

    tenant: Any
    secrets: list[str]
    values: list[dict[str, Any]] = field(default_factory=list)


def plant(tenant: Any) -> Planted:
    code = tenant.code
    mark = {"alpha": "玄武", "beta": "朱雀"}[code]
    with tenant_context(tenant):
        picture = image(f"{mark}图片哨兵", uploader=f"{code}_editor")
        paper = document(f"{mark}附件内容哨兵".encode(), f"{mark}-file.txt", uploader=f"{code}_editor")
        paper.title = f"{mark}附件哨兵"
        paper.save()
        body = [
            {"type": "rich_text", "value": f"<p>{mark}正文哨兵</p>"},
            {"type": "attachment", "value": {"document": paper.pk, "title": f"{mark}显示哨兵"}},
        ]
        draft = draft_article(f"{code}_editor", title=f"{mark}草稿哨兵", picture=picture, body=body)
        waiting = draft_policy(f"{code}_editor", title=f"{mark}送审哨兵", body=body[:1])
        submit(waiting, f"{code}_editor")
        edited = live_article(code, title=f"公开信息{code}")
        edited.title = f"{mark}修改哨兵"
        edited.save_revision(user=user(f"{code}_editor"), log_action=True)
        started = {"started_by": user(f"{code}_editor"), "uploaded_by": user(f"{code}_editor")}
        arrival = Arrival.objects.create(host=f"{code}.example", source_name="old.warc", state="surveyed", **started)
        SurveyedAddress.objects.create(arrival=arrival, number=1, address="http://old.example/", key="0", result="page")
        letter = read_letter("help", f"{mark}来信哨兵", f"{mark}来信哨兵", may_publish=True, name=f"{mark}来信哨兵")
        case = submit_case(letter, tenant, nonce=new_nonce()).case
        answer = answered_survey(code, f"{mark}意见哨兵")
        words = ("来信", "意见", "草稿", "送审", "修改", "正文", "图片", "附件", "附件内容", "显示")
        planted = Planted(tenant, [f"{mark}{word}哨兵" for word in words])
        for page in (draft, waiting, edited):
            revision = Revision.objects.filter(object_id=str(page.pk)).order_by("pk").first()
            state = WorkflowState.objects.filter(object_id=str(page.pk)).first()
            step = TaskState.objects.filter(workflow_state=state).first() if state else TaskState.objects.first()
            planted.values.append(
                {
                    "page_id": page.pk,
                    "parent_page_id": page.get_parent().pk,
                    "page_to_move_id": page.pk,
                    "destination_id": page.get_parent().get_parent().pk,
                    "page_pk": page.pk,
                    "pk": page.pk if page == draft else picture.pk if page == waiting else user(f"{code}_editor").pk,
                    "object_id": page.pk,
                    "revision_id": revision.pk,
                    "workflow_state_id": state.pk if state else 1,
                    "task_state_id": step.pk if step else 1,
                    "task_id": step.task_id if step else 1,
                    "workflow_pk": 1,
                    "collection_id": Collection.objects.first().pk,
                    "image_id": picture.pk,
                    "document_id": paper.pk,
                    "doc_id": paper.pk,
                    "uploaded_file_id": 1,
                    "session_id": 1,
                    "action": "delete" if page == draft else "publish",
                    "action_name": "approve" if page == waiting else "publish",
                    "app_label": "wagtailcore",
                    "app_name": "taggit",
                    "model_name": "page" if page != edited else "tag",
                    "content_type_app_name": page._meta.app_label,
                    "content_type_model_name": page._meta.model_name,
                    "filter_spec": "original",
                    "schema": tenant.schema_name,
                    "sm3": "0" * 64,
                    "resource_uuid": _uuid_of(edited),
                    "name": paper.filename if page == draft else picture.file.name,
                    "uidb64": "MQ",
                    "token": "x-y",
                    "step": "content",
                    "site": tenant.code,
                    "code": tenant.code,
                    "username": f"{code}_editor",
                    "user_id": user(f"{code}_editor").pk,
                    "role": "editor",
                    "job_id": 1,
                    "opening_id": 1,
                    "group_id": 1,
                    "vocabulary": "subject",
                    "term_code": "0201",
                    "reclassification_id": 1,
                    "source_id": 1,
                    "batch_id": 1,
                    "arrival_id": arrival.pk,
                    "archive_id": 1,
                    "item_id": 1,
                    "word_id": 1,
                    "address_id": 1,
                    "number": 1,
                    "slug": "news",
                    "list_name": "notices",
                    "what": "submit",
                    "case_id": case.pk,
                    "survey_id": answer.survey_id,
                }
            )
    return planted


def _uuid_of(page: Any) -> Any:
    from content_library.models import Resource

    return Resource.objects.get(tenant=connection.tenant, page_id=page.pk).uuid


@layered
def both() -> dict[str, Planted]:
    """What stands on alpha and on beta."""
    return {code: plant(get_tenant(code)) for code in ("alpha", "beta")}


def fingerprint(schema: str) -> dict[str, str]:
    """Table -> hash of its rows, for everything in ``schema``."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type = 'BASE TABLE'",
            [schema],
        )
        for (table,) in cursor.fetchall():
            rows = sql.SQL(
                "SELECT count(*) || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {}.{} t"
            )
            cursor.execute(rows.format(sql.Identifier(schema), sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found
