"""Solicitations of opinions and surveys: pages with questions, what citizens answer, and what came of it."""
