"""The reader: archives under a host of their own, for whoever looks for what a site once said."""
