"""在线访谈: its announcement as a page, questions in advance, live text that two people put in public, its record."""
