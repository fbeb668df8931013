"""What can be found: documents with their text, texts of attachments, the index in PostgreSQL; and what was asked."""

from .asked import AskedDay, AskedTerm
from .document import SearchDocument, SearchText
from .file_text import FileText
from .postgres_entry import PostgresEntry
from .rebuild import Rebuild
from .synonyms import SynonymGroup

__all__ = [
    "AskedDay",
    "AskedTerm",
    "FileText",
    "PostgresEntry",
    "Rebuild",
    "SearchDocument",
    "SearchText",
    "SynonymGroup",
]
