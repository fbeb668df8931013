"""The WSGI door; which database login it uses is decided by its environment."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.demo")

django.setup(set_prefix=False)

from govplatform.serving.observed import ObservedHandler  # noqa: E402  (needs what was set up)

application = ObservedHandler()
