"""Wagtail's search in the consoles, over character pairs (``settings.WAGTAILSEARCH_BACKENDS`` names this module).

Wagtail's own backend for PostgreSQL has words as PostgreSQL's parser cuts them, and Chinese has no blanks between them:
政府 was not found inside of a sentence. This one derives from it and keeps its table in each site's schema, what it
asks of fields, filters, facets and its way of being rebuilt. Other are what goes into the table (``indexing``) and what
is asked of it (``asking``): the same folded text and the same pairs as in the search of citizens.
Why: deploy/decisions/053-editors-search.md.
"""

from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend

from .asking import AutocompleteCompiler, Compiler
from .indexing import PairIndex


class SearchBackend(PostgresSearchBackend):  # type: ignore[misc]
    """The backend. Typing ahead and searching find the same: whatever holds the characters."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    index_class = PairIndex
