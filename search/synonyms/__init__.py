"""Synonyms: groups of words that operators keep for all sites, with what they do to questions."""
