"""Requests for information as their tests make them: asked for on alpha, handled and decided on beta."""

from datetime import UTC, datetime

import time_machine
from django.db import connection

from govplatform.cases.actions import accept_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure.intake import read_request, submit_request
from govplatform.cases.models import Case
from govplatform.tenancy.queries import get_tenant
from sites.interaction.answering import answer_case
from sites.interaction.assigning import assign

from .conftest import IDENTITY
from .test_life import cleared, person

FORM, ASK = "/interaction/disclosure/", "/interaction/ask/"
NAME, ADDRESS = "申请人甲", "虚构市虚构路一号"
CREDIT_CODE = "91350100M000100Y43"
GIVEN = {
    "applicant": "person", "name": NAME, "document_kind": "id", "document_number": IDENTITY, "phone": "0000-0000001",
    "email": "somebody@example.com", "address": ADDRESS, "title": "2025年路灯养护合同",
    "wanted_number": "虚政发〔2025〕1号",
    "text": "城区路灯养护的中标合同。", "medium": "electronic", "way": "online",
}  # fmt: skip


def asked(**given):
    return submit_request(read_request({**GIVEN, **given}), get_tenant("alpha"), nonce=new_nonce()).case


def afresh(case):
    return Case.objects.select_related("desk", "organisation", "handler", "disclosure").get(pk=case.pk)


def handled(**given):
    """A request that beta handles."""
    return handled_from(asked(**given))


def handled_from(case):
    accept_case(case, acting_user=person("alpha_clerk"))
    assign(case, get_tenant("beta"), acting_user=person("alpha_clerk"))
    return afresh(case)


def editor():
    return person("beta_editor")


def decided(case, decision="granted", text="合同见附件。"):
    page = answer_case(afresh(case), text, acting_user=editor(), decision=decision)
    cleared(page)
    return afresh(case)


def day(case):
    return f"{case.due_at.astimezone():%Y-%m-%d}" if case.due_at else ""


def at(text):
    return time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=UTC), tick=False)


def assert_nowhere(*secrets):
    """No table of the platform or of the two sites holds any of ``secrets`` in plain."""
    schemas = ("public", get_tenant("alpha").schema_name, get_tenant("beta").schema_name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema = ANY(%s)",
            [list(schemas)],
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, E\'\\n\') FROM "{schema}"."{table}" t')
            held = cursor.fetchone()[0] or ""
            for secret in secrets:
                assert secret not in held and secret.encode().hex() not in held, (schema, table, secret)
