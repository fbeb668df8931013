from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ColumnsConfig(AppConfig):
    name = "sites.columns"
    label = "columns"
    verbose_name = _("栏目")

    def ready(self) -> None:
        from govplatform.rule_packs.names import COLUMN_TYPES, register_names

        register_names(COLUMN_TYPES, _column_types)

        from govplatform.lifecycle.foreseen import register_first_columns
        from govplatform.lifecycle.merge.parts import register_columns, register_part
        from govplatform.review.places import register_writing_places

        from .defaults import default_columns
        from .merging import PagesPart, SiteColumns
        from .writing_rights import places_of

        register_writing_places(places_of)
        register_columns(SiteColumns())
        register_first_columns(lambda tenant: [column.title for column in default_columns(tenant)])
        register_part("pages", PagesPart())


def _column_types() -> dict[str, Any]:
    """Return ``{code: name}`` of all column types, for the rule packs that ask for more reviews in some types."""
    from .models import ColumnType

    return dict(ColumnType.choices)
