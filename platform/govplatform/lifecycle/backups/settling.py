"""What of an earlier state may be public: what is so today, as it is today. Everything else comes back as a draft.

Rules, on the rows of the earlier state before it takes the place of the present one:

* A page of content stays live when it is live today with the same revision. One that was withdrawn, recalled, expired,
  corrected or removed since comes back as a draft with a withdrawal that says so, and goes public by review alone.
* A clearance holds when it holds today. A page waits for its hour when it waits for the same one today.
* Whoever may write in fewer columns today does not get back what was taken from them.
* Numbers go on from today's: what is made next is never taken for what was made since (the library, the record and the
  ledger name pages by number).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg import sql
from wagtail.models import get_page_models

from ..dumping.catalogue import sequences_of, set_sequences

#: So many pages of each kind are named on a screen.
SHOWN = 200
GONE, DOWN, CHANGED = "gone", "down", "changed"
WORDS: Mapping[str, Any] = MappingProxyType(
    {
        GONE: gettext_lazy("此后已删除"),
        DOWN: gettext_lazy("此后已撤回、召回或到期"),
        CHANGED: gettext_lazy("此后已发布新的版本"),
    }
)
_WITHHELD = """
SELECT p.id, p.title, CASE WHEN n.id IS NULL THEN 'gone' WHEN n.live THEN 'changed' ELSE 'down' END
FROM {then}.wagtailcore_page p
JOIN {then}.django_content_type c ON c.id = p.content_type_id
LEFT JOIN {now}.wagtailcore_page n ON n.id = p.id
WHERE p.live AND p.depth > 1 AND NOT c.app_label || '.' || c.model = ANY({frame})
 AND (n.live AND n.live_revision_id IS NOT DISTINCT FROM p.live_revision_id) IS NOT TRUE
ORDER BY p.id
"""
_ENDED = """
SELECT n.id, n.title FROM {now}.wagtailcore_page n LEFT JOIN {then}.wagtailcore_page p ON p.id = n.id
WHERE n.live AND p.live IS NOT TRUE ORDER BY n.id
"""
_GATE = "ALTER TABLE {then}.review_withdrawal {act} TRIGGER gov_gate"
#: What is deferred is checked now: a table with checks to come can be neither altered nor renamed.
_CHECK = "SET CONSTRAINTS ALL IMMEDIATE"
_WITHDRAW = """
INSERT INTO {then}.review_withdrawal (page_id, reason, withdrawn_by_id, withdrawn_at, break_glass)
SELECT id, {reason}, {person}, {at}, false FROM unnest({pages}::bigint[]) AS withheld(id)
"""
_TAKE_DOWN = """
UPDATE {then}.wagtailcore_page SET live = false, has_unpublished_changes = true, live_revision_id = NULL
WHERE id = ANY({pages}::bigint[])
"""
_REVOKE = """
UPDATE {then}.review_clearance c SET status = 'revoked' WHERE c.status = 'valid'
 AND NOT EXISTS (SELECT 1 FROM {now}.review_clearance t WHERE t.id = c.id AND t.status = 'valid')
"""
_UNSCHEDULE = """
UPDATE {then}.wagtailcore_revision r SET approved_go_live_at = NULL WHERE r.approved_go_live_at IS NOT NULL
 AND NOT EXISTS (SELECT 1 FROM {now}.wagtailcore_revision t
  WHERE t.id = r.id AND t.approved_go_live_at = r.approved_go_live_at)
"""
#: A column that was removed since took the rights to it along: that said nothing about who may write.
_NARROW = (
    """
DELETE FROM {then}.columns_departmentmember t WHERE NOT EXISTS (SELECT 1 FROM {now}.columns_departmentmember n
 WHERE n.department_id = t.department_id AND n.user_id = t.user_id)
""",
    """
DELETE FROM {then}.columns_writingright t
WHERE EXISTS (SELECT 1 FROM {now}.columns_column c WHERE c.page_ptr_id = t.column_id)
 AND NOT EXISTS (SELECT 1 FROM {now}.columns_writingright n WHERE n.column_id = t.column_id
  AND n.user_id IS NOT DISTINCT FROM t.user_id AND n.department_id IS NOT DISTINCT FROM t.department_id)
""",
)
_PAGES = "SELECT count(*) FROM {schema}.wagtailcore_page WHERE depth > 1"


@dataclass(frozen=True)
class Withheld:
    """A page that was live then and comes back as a draft. ``why``: GONE, DOWN or CHANGED."""

    page: int
    title: str
    why: str

    @property
    def words(self) -> str:
        return str(WORDS[self.why])


@dataclass(frozen=True)
class Outcome:
    """What a return means for the pages of a site. ``ended``: (id, title) of pages that went live since."""

    pages_then: int
    pages_now: int
    withheld: list[Withheld]
    ended: list[tuple[int, str]]

    def as_json(self) -> dict[str, Any]:
        """For the row of the work; the first ``SHOWN`` of each, with how many there are."""
        return {
            "pages_then": self.pages_then,
            "pages_now": self.pages_now,
            "withheld": [[one.page, one.title, one.why] for one in self.withheld[:SHOWN]],
            "withheld_count": len(self.withheld),
            "ended": [list(one) for one in self.ended[:SHOWN]],
            "ended_count": len(self.ended),
        }


def compare_states(then: str, now: str) -> Outcome:
    """Compare two states of one site, each in its schema. Call as owner."""
    frame = [model._meta.label_lower for model in get_page_models() if getattr(model, "is_structural", False)]
    return Outcome(
        _asked(_PAGES, schema=then)[0][0],
        _asked(_PAGES, schema=now)[0][0],
        [Withheld(*row) for row in _asked(_WITHHELD, then=then, now=now, frame=frame)],
        [(pk, title) for pk, title in _asked(_ENDED, then=then, now=now)],
    )


def settle(then: str, now: str, *, reason: str, person: int | None) -> Outcome:
    """Bring the earlier state in ``then`` under the rules above; return what that meant. Call as owner."""
    present = sequences_of(now)
    later = {name: max(value, present.get(name, value)) for name, value in sequences_of(then).items()}
    set_sequences(then, later)
    outcome = compare_states(then, now)
    pages = [one.page for one in outcome.withheld]
    values = {"then": then, "now": now, "pages": pages}
    # The gate lets reviewers of a site withdraw; this is the platform's, in a schema that is no site's yet, and it only
    # takes down. Every other rule of the gate is asked.
    _send(_GATE.format(act="DISABLE", then="{then}"), then=then)
    _send(_WITHDRAW, **values, reason=reason, person=person, at=timezone.now())
    _send(_CHECK)
    _send(_GATE.format(act="ENABLE", then="{then}"), then=then)
    _send(_TAKE_DOWN, **values)
    _send(_REVOKE, **values)
    _send(_UNSCHEDULE, **values)
    for statement in _NARROW:
        _send(statement, **values)
    _send(_CHECK)
    return outcome


def words_of_return(moment: str) -> str:
    """What whoever asks for something that is not public any more is told. ``moment``: of the backup, in words."""
    return _("本站恢复到 %(moment)s 的状态，此后的内容须重新审查才能公开。") % {"moment": moment}


def _composed(statement: str, named: dict[str, Any]) -> sql.Composed:
    schemas = ("then", "now", "schema")
    return sql.SQL(statement).format(  # type: ignore[arg-type]
        **{name: sql.Identifier(value) if name in schemas else sql.Literal(value) for name, value in named.items()}
    )


def _asked(statement: str, **named: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_composed(statement, named))
        return list(cursor.fetchall())


def _send(statement: str, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_composed(statement, named))
