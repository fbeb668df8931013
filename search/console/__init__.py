"""The screens of the search in the consoles."""
