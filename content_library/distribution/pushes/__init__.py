"""Pushes, reposting as a duty: whom a push reaches, its drafts, its reminders."""
