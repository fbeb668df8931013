"""What can be found: documents, texts of attachments, the index in PostgreSQL; what was asked; what was compared."""

from .asked import AskedDay, AskedTerm
from .comparison import Comparison, Difference
from .document import SearchDocument, SearchText
from .file_text import FileText
from .postgres_entry import PostgresEntry
from .rebuild import Rebuild
from .synonyms import SynonymGroup

__all__ = [
    "AskedDay",
    "AskedTerm",
    "Comparison",
    "Difference",
    "FileText",
    "PostgresEntry",
    "Rebuild",
    "SearchDocument",
    "SearchText",
    "SynonymGroup",
]
