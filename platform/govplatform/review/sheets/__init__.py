"""审查单: what was judged of a page, by whom, signed and printable; per page and per period."""
