"""一键排版: what a careful clerk would set right in a text before it is handed in, as a proposal with its difference."""
