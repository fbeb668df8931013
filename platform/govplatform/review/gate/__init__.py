"""The gate that lets a page go public and keeps it as it was cleared: digest, levels, separation, scans of a digest."""
