"""审查单 (review sheets): what was judged of a page, by whom, signed and printable; per page and per period."""
