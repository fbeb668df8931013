"""Tamper protection: the files that citizens get, held against the signed releases, with the public key alone.

No database, no model: the verifier runs as a user of its own, on front nodes too. Every path is gone along by open
folders and no link is followed, for somebody else may be writing there at the same moment.
"""
