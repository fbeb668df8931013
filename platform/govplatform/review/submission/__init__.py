"""The acts of a review: handing in, deciding, claiming, withdrawing, and their deadlines."""
