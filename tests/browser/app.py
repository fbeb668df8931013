"""The real WSGI application on a test database: static files from their sources, addresses with the real port.

Started by ``conftest.py`` under gunicorn: ``gunicorn tests.browser.app:application``; ``PORT`` is the port.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.WHITENOISE_USE_FINDERS = True
settings.PUBLIC_PORT = os.environ["PORT"]

application = get_wsgi_application()
