"""Two requests that make the same sizes of a picture at once show the same files, and no file is left over."""

import threading

from django.core.files.storage import default_storage
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.images.models import Filter

from govplatform.tenancy.queries import get_tenant
from sites.media.models import SiteImage, SiteRendition
from tests import factories

SPECS = ("width-165", "width-330")


def made(image):
    sizes = image.get_renditions(*(Filter(spec) for spec in SPECS))
    return {one.filter_spec: str(one.file.name) for one in sizes.values()}


def test_both_show_what_is_entered(own_database):
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        image = factories.image(uploader="alpha_editor")
    first = {}

    def somebody_else():
        with tenant_context(alpha):
            first.update(made(SiteImage.objects.get(pk=image.pk)))
        connection.close()

    def before_entering(execute, sql, params, many, context):
        # Both have looked for the sizes and found none.
        if sql.startswith("INSERT") and SiteRendition._meta.db_table in sql and not first:
            other = threading.Thread(target=somebody_else)
            other.start()
            other.join()
        return execute(sql, params, many, context)

    with tenant_context(alpha), connection.execute_wrapper(before_entering):
        second = made(SiteImage.objects.get(pk=image.pk))
        entered = dict(SiteRendition.objects.filter(image=image).values_list("filter_spec", "file"))
        folder = str(image.file.name).rsplit("/", 1)[0].replace("original_images", "images")
        _folders, names = default_storage.listdir(folder)
        assert first == second == {spec: entered[spec] for spec in SPECS}
        assert {f"{folder}/{name}" for name in names if "width-" in name} >= set(entered.values())
        assert len([name for name in names if any(spec in name for spec in SPECS)]) == len(SPECS)
