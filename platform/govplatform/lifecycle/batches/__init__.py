"""Opening many sites from one table: reading it, checking all of it, opening in parallel, and the way back."""
