"""Content that came from another site, with the decisions on it, and the proof that it is what they were about."""
