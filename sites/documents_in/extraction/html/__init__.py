"""The reading of saved pages: what of a page is its text, and what of that a person sees."""
