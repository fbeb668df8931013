"""The door for citizens: pages, lists, files and errors on the public hosts."""
