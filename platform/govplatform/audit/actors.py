"""Who acted, as people read it."""

from django.utils.translation import gettext as _

from .models import Entry


def actor_in_words(entry: Entry) -> str:
    """Return the person's name; for an act of the shell, that it was the shell, and by which account of the system."""
    shell, _colon, account = entry.actor_name.partition(":")
    if shell == "shell" and account:
        return _("命令行（%(account)s）") % {"account": account}
    return entry.actor_name
