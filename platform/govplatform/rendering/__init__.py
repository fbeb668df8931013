"""The renderer: an address in, status, headers and bytes out, through the views of a live request (decision 061)."""
