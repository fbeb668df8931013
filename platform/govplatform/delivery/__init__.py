"""Static delivery: what citizens get, as files in signed releases. Knows addresses and renderings, never page types."""
