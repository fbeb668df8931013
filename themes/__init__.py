"""Looks of public sites: one complete base theme and themes that override parts of it."""
