"""The end of a site: its dump, the dropping of its schema, and the way back."""
