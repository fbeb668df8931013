"""The views of the public hosts, for citizens: pages, lists, files and errors."""
