"""What the frame says when its words begin to be cleared: home pages, columns, and in the console terms and sites.

The digest is made as ``review/frame/texts.py`` makes it in the first form; frozen here, for migrations bring no code of
the application.
"""

import json
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import migrations

_PAGE_TEXTS = {
    "home.homepage": "SELECT p.id, p.title, p.slug FROM wagtailcore_page p JOIN home_homepage x ON x.page_ptr_id = p.id",
    "columns.column": "SELECT p.id, p.title, p.slug, x.description, x.keywords"
    " FROM wagtailcore_page p JOIN columns_column x ON x.page_ptr_id = p.id",
}
_SHARED_TEXTS = {
    "vocabularies.term": "SELECT id, label, aliases, note FROM public.vocabularies_term WHERE status <> 'waiting'",
    "tenancy.tenant": "SELECT id, full_name, short_name, coalesce(identity_code, '') AS identity_code, organiser,"
    " undertaker, responsible_person, contact, icp_number, police_record_number FROM public.tenancy_tenant",
}
_INSERT = """
INSERT INTO review_frameclearance (kind, object_id, texts, digest, origin, verb, findings, scanner_version, rule_pack,
  dictionary_version, reason, cleared_by_name, cleared_at)
VALUES (%s, %s, %s, %s, 'set-up', 'migrate_fleet', '[]', '', '', '', '', '平台', now())
"""


def record(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM public.tenancy_tenant WHERE schema_name = current_schema()")
        found = cursor.fetchone()
        # The template has no pages, and sites are copied from it.
        if found is None:
            return
        for kind, query in (_SHARED_TEXTS if found[0] == "console" else _PAGE_TEXTS).items():
            cursor.execute(query)
            names = [column.name for column in cursor.description][1:]
            for object_id, *values in cursor.fetchall():
                texts = dict(zip(names, values, strict=True))
                if isinstance(texts.get("aliases"), str):
                    texts["aliases"] = json.loads(texts["aliases"])
                digest = _digest({"kind": kind, "object": object_id, "texts": texts})
                cursor.execute(_INSERT, [kind, object_id, json.dumps(texts, ensure_ascii=False), digest])


def _digest(covered: dict[str, Any]) -> str:
    sm3 = Hash(SM3())
    sm3.update(_bytes(covered))
    return "1:" + sm3.finalize().hex()


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return _with_length(b"s", value)
    if isinstance(value, int):
        return b"i%d;" % value
    if isinstance(value, dict):
        pairs = (_with_length(b"k", key) + _bytes(value[key]) for key in sorted(value))
        return b"o%d:" % len(value) + b"".join(pairs)
    return b"l%d:" % len(value) + b"".join(map(_bytes, value))


def _with_length(kind: bytes, text: str) -> bytes:
    coded = text.encode("utf-8", "surrogatepass")
    return b"%b%d:%b" % (kind, len(coded), coded)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0002_page_address_index"),
        ("columns", "0001_initial"),
        ("review", "0010_frame_texts"),
        ("tenancy", "0001_initial"),
        ("vocabularies", "0001_initial"),
    ]

    operations = [migrations.RunPython(record, migrations.RunPython.noop)]
