"""A random walk over the whole product, with real PostgreSQL; see README.md."""
