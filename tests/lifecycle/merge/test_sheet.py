"""Every table of a site stands on the sheet once: a new model says what a merge does with it."""

import pytest
from django.apps import apps
from django.conf import settings

from govplatform.lifecycle.merge.carrying.ground import model_of
from govplatform.lifecycle.merge.carrying.sheet import SHEET, Carried, carried

pytestmark = pytest.mark.unit


def models_of_sites():
    names = set(settings.TENANT_APPS)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_config.name in names and not model._meta.proxy:
            yield model._meta.label


def test_every_model_of_a_site_stands_there_once():
    named = [model_of(line.model)._meta.label for line in SHEET]
    assert sorted(named) == sorted(set(named))
    assert set(named) == set(models_of_sites())


def test_what_a_line_says_of_columns_is_there():
    for line in SHEET:
        if isinstance(line, Carried):
            columns = {field.column for field in model_of(line.model)._meta.local_concrete_fields}
            assert set(line.columns) <= columns, line.model


def test_a_table_comes_behind_those_that_its_rows_are_chosen_by():
    # Rows are chosen in the source, so only the temporary tables matter; versions need the pages first.
    order = [line.model for line in carried()]
    assert order.index("wagtailcore.Page") < order.index("wagtailcore.Revision")
