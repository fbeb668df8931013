"""The reading of PDF: the characters of a page that are seen, their lines, columns and tables."""
