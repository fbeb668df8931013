"""The sheet of what can be found on a site besides pages of content (``search.registry``)."""

from sites.columns.searched import ColumnSource

SOURCES = (ColumnSource(),)
