"""Resources, their versions, files and numbers: the library itself."""
