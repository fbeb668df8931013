"""The platform's side of the figures: its own verbs and actions, nothing written for the measurement."""
