"""May this be shown now? One question, and every reader of the library asks it here.

A page, a list, the API, a feed, a file: what was withdrawn is gone from all of them with the same commit, and so is
what was copied from it, at however many removes, whether the jobs that take the copies down have run or not.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet

from ..metadata import Disclosure
from ..models import Resource, ResourceVersion

#: Of the database (migration 0006): is nothing in the line of origins withdrawn, from that resource on?
_ORIGIN_STANDS = "public.content_library_origin_stands"
_COPIES = """
WITH RECURSIVE below(id, uuid) AS (
  SELECT id, uuid FROM public.content_library_resource WHERE origin = ANY(%s)
  UNION
  SELECT x.id, x.uuid FROM below b JOIN public.content_library_resource x ON x.origin = b.uuid
) SELECT id FROM below WHERE uuid <> ALL(%s) ORDER BY id
"""


def shown_sql(alias: str) -> str:
    """The question as a condition on a row of ``content_library_resource`` with this alias in a written statement."""
    return f"({alias}.status <> 'withdrawn' AND ({alias}.origin IS NULL OR {_ORIGIN_STANDS}({alias}.origin)))"


def may_be_shown(prefix: str = "") -> Q:
    """The same as a condition on Resource, or on what refers to one by ``prefix`` (``resource__``)."""
    stands = Func(F(f"{prefix}origin"), function=_ORIGIN_STANDS, output_field=BooleanField())
    return ~Q(**{f"{prefix}status": Resource.Status.WITHDRAWN}) & (Q(**{f"{prefix}origin__isnull": True}) | Q(stands))


def is_shown(resource: Resource) -> bool:
    """The same of one resource as it was read; its origins are asked for now, in one statement where it has any."""
    return not resource.is_withdrawn and (resource.origin is None or origin_stands(resource.origin))


def origin_stands(origin: UUID) -> bool:
    """Is neither the resource of that uuid withdrawn nor what it was copied from? True for one that is not here."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_ORIGIN_STANDS}(%s)", [origin])
        return bool(cursor.fetchone()[0])


def copies_of(*resources: Resource) -> "QuerySet[Resource]":
    """What was copied from them, on whichever site, and from that again."""
    uuids = [resource.uuid for resource in resources]
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [uuids, uuids])
        ids = [row[0] for row in cursor.fetchall()]
    return Resource.objects.filter(pk__in=ids).order_by("pk")


def may_be_reposted(version: ResourceVersion) -> bool:
    """Was this version public, and for others to show? Each version says it for itself."""
    said: dict[str, Any] = version.metadata
    return bool(said.get("repostable", True)) and said.get("disclosure", Disclosure.PROACTIVE) == Disclosure.PROACTIVE
