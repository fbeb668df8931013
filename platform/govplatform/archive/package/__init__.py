"""The files of an archive: how they are named, written, indexed and signed. Nothing here knows Django or a database."""
