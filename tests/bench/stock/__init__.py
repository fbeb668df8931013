"""The stock way: a plain Wagtail on django-tenants as their manuals build it, with the same content."""
