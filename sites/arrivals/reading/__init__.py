"""The reading of a crawl: all of it is untrusted, and runs in guarded processes without Django."""
