"""Mail: none but our own goes out (``govplatform.waiting``)."""

import os

# Wagtail would mail titles of what is under review to whoever is concerned: nothing but our own mail goes out.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST = os.environ.get("SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SMTP_TLS", "starttls") == "starttls"
EMAIL_USE_SSL = os.environ.get("SMTP_TLS", "starttls") == "ssl"
EMAIL_TIMEOUT = 20
REMINDERS_EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
REMINDERS_FROM = os.environ.get("SMTP_FROM", EMAIL_HOST_USER or "noreply@localhost")
#: Whom the verifier of static files tells: an address that takes JSON by POST, and mailboxes, separated by commas.
DELIVERY_ALARM_URL = os.environ.get("DELIVERY_ALARM_URL", "")
DELIVERY_ALARM_MAIL = [one for one in os.environ.get("DELIVERY_ALARM_MAIL", "").replace(" ", "").split(",") if one]
