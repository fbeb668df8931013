"""The library for everybody: read-only API, Atom feeds, exchange feed, on every public host (decision 013)."""
