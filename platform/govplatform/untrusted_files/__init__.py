"""Checks of what strangers send: kinds, archives, XML, encodings, characters and links; no models, no database."""
