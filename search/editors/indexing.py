"""What the table of Wagtail's search keeps of each object: folded text, and its pairs of characters."""

from collections.abc import Iterable
from typing import Any

from modelsearch.backends.database.postgres.postgres import IndexEntry, ObjectIndexer, PostgresIndex
from modelsearch.index import AutocompleteField, SearchField
from modelsearch.utils import get_content_type_pk

from ..text.folding import fold
from ..text.lexemes import text_lexemes

#: Characters of one object that can be found: PostgreSQL keeps at most a megabyte of lexemes in a row.
LONGEST_TEXT = 100_000
#: The column of what is typed ahead stays empty: the same pairs serve for that.
_ENTER = """
INSERT INTO {table}
  (content_type_id, object_id, title, body, autocomplete, title_norm, title_text, body_text)
VALUES (%s, %s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]), ''::tsvector, 1.0, %s, %s)
ON CONFLICT (content_type_id, object_id) DO UPDATE SET title = EXCLUDED.title, body = EXCLUDED.body,
  autocomplete = EXCLUDED.autocomplete, title_norm = 1.0, title_text = EXCLUDED.title_text,
  body_text = EXCLUDED.body_text
"""


class _Words(ObjectIndexer):  # type: ignore[misc]
    """The folded text of an object, by its search fields: what is called ``title``, and everything else."""

    def folded(self) -> tuple[str, str]:
        titles, others = list[str](), list[str]()
        for field in self.search_fields:
            for found, _weight, value in self.prepare_field(self.obj, field):
                if isinstance(found, SearchField | AutocompleteField):
                    (titles if found.field_name == "title" else others).append(value)
        return _joined(titles), _joined(others)


class PairIndex(PostgresIndex):  # type: ignore[misc]
    """The table of one site. No average over all of it is counted at every save, as Wagtail's own does."""

    def add_items(self, model: Any, objs: Iterable[Any]) -> None:
        """Enter the objects, in place of what is there of them."""
        if not model.get_search_fields():
            return
        kind = get_content_type_pk(model)
        rows = []
        for obj in objs:
            words = _Words(obj, self.backend)
            title, body = words.folded()
            rows.append((kind, words.id, sorted(text_lexemes(title)), sorted(text_lexemes(body)), title, body))
        with self.write_connection.cursor() as cursor:
            cursor.executemany(_ENTER.format(table=IndexEntry._meta.db_table), rows)

    def _refresh_title_norms(self, full: bool = False) -> None:
        pass


def _joined(texts: Iterable[str]) -> str:
    """Fold each text once, a line break between them so that no word runs across."""
    return "\n".join(dict.fromkeys(filter(None, (fold(text[:LONGEST_TEXT]) for text in texts))))[:LONGEST_TEXT]
