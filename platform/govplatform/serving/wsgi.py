"""The WSGI door; which database login it uses is decided by its environment."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.demo")

application = get_wsgi_application()
