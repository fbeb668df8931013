"""Documents in: Word, PDF, HTML and text files become drafts."""
