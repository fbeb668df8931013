"""一键排版: what a careful clerk sets right in a text before it is handed in, as a proposal to look at first."""
