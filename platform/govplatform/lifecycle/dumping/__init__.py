"""One site as one file: taken, checked by building it again, and brought back (decision 046). Knows no rules."""
