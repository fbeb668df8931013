"""From what somebody types to a question for an engine."""
