"""The states of a site, what carries an approved application out, and the clocks."""
