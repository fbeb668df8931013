"""Recalls: taking a resource back everywhere, with a receipt from each site."""
