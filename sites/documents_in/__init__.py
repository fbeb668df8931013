"""文档导入: the import of Word, PDF, HTML and text files as drafts."""
