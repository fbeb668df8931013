"""The library's metadata as others read it: JSON Schema, DCAT, national core metadata, a page of documentation."""
