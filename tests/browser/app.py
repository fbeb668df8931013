"""The real WSGI application on a test database: static files from their sources, addresses with the real port.

Started by ``conftest.py`` under gunicorn: ``gunicorn tests.browser.app:application``; ``PORT`` is the port.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govplatform.settings.test")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.WHITENOISE_USE_FINDERS = True
# Under the names of their sources they would be asked for again after a minute; nothing changes while the tests run.
settings.WHITENOISE_MAX_AGE = 3600
settings.PUBLIC_PORT = os.environ["PORT"]

application = get_wsgi_application()
