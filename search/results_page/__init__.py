"""What stands on the page of results, read from its address and made into plain values for a template."""
