"""The whole platform as a folder: taken in one state, checked by digests, brought back into an empty installation."""
