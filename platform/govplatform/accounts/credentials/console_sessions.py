"""Sessions of the consoles: Django's in the database, each request's renewal in one statement (SESSION_ENGINE)."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError


class SessionStore(db.SessionStore):
    """Each request of a console renews its session; Django puts a transaction around that one ``UPDATE``."""

    def save(self, must_create: bool = False) -> None:
        """Save the session; raises UpdateError for one that has ended meanwhile, and nothing brings it back."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        now = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]
        kept = self.model.objects.filter(pk=now.pk)
        if not kept.update(session_data=now.session_data, expire_date=now.expire_date):
            raise UpdateError
