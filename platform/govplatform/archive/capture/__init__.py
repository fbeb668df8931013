"""Capture: every address of a site is asked of the same application that citizens use, in this process."""
