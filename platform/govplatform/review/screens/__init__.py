"""The screens of the review in the console: queue, decision, withdrawal, and the panels of the start page."""
