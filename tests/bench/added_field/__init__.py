"""One migration more for each side: the same nullable-free text column on its article table."""
