"""Is what was kept older than this code? What is newer has tables that nobody here knows."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from .catalogue import migrations_of

_SHOWN = 5


def newer_than_template(migrations: Iterable[Sequence[str]]) -> list[str]:
    """Those of ``migrations`` ((app, name)) that the template has not, as ``app.name``."""
    known = {tuple(key) for key in migrations_of(settings.TEMPLATE_SCHEMA)}
    return [".".join(key) for key in migrations if tuple(key) not in known]


def reasons_against_newer(names: Sequence[str]) -> list[str]:
    """Why something with these migrations, which this code has not, cannot be brought back; [] for none."""
    if not names:
        return []
    told = {"names": "、".join(names[:_SHOWN])}
    return [_("备份由更新的版本制作，这个版本的程序没有其中的迁移：%(names)s。请先升级平台。") % told]
