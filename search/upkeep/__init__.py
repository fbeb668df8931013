"""What operators see and do about the search: comparisons, what differs and since when, what waits (decision 057)."""
