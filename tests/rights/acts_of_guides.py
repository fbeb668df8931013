"""Guides to services; on site alpha."""

import tempfile
from pathlib import Path

from sites.service_guides.actions import column_of_services, import_services

from .acts import Doing, act


def services_table(folder: Path) -> Path:
    path = folder / "services.csv"
    path.write_text("事项名称,实施机构,办理对象\n残疾人证办理,县残疾人联合会,个人\n", encoding="utf-8")
    return path


@act("sites.service_guides.actions.import_services", may="alpha_editor")
def _import_services() -> Doing:
    path = services_table(Path(tempfile.mkdtemp(prefix="services-")))
    column = column_of_services()
    return lambda who: import_services(path, path.name, column=column, acting_user=who)
