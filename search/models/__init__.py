"""What can be found: documents with their text, texts of attachments, and the index inside of PostgreSQL."""

from .document import SearchDocument, SearchText
from .file_text import FileText
from .postgres_entry import PostgresEntry
from .rebuild import Rebuild

__all__ = ["FileText", "PostgresEntry", "Rebuild", "SearchDocument", "SearchText"]
