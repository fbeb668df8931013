"""The sheet of what sites tell the search besides the library (``search.registry``).

What can be found and is no page of content; and what is known of pages of content. What is related to a policy comes
through either: ``OtherDocument.about`` and ``PageFacts.about``.
"""

from sites.columns.searched import ColumnSource
from sites.columns.searched_pages import page_facts

SOURCES = (ColumnSource(),)

__all__ = ["SOURCES", "page_facts"]
