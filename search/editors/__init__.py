"""What editors find in a console: pages with their drafts, pictures, documents, in Wagtail's own lists and choosers."""
