"""Facets that engines count, pictures, and what stands in the block of a policy.

Rows of the index get their values from the documents, so that nothing has to be made anew in PostgreSQL. Pictures and
guides come with ``rebuild_search``, for which the sites have to be asked.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

FILL = """
ALTER TABLE public.search_postgresentry ALTER COLUMN topic SET STORAGE MAIN;
ALTER TABLE public.search_postgresentry ALTER COLUMN organisation SET STORAGE MAIN;
ALTER TABLE public.search_postgresentry ALTER COLUMN validity SET STORAGE MAIN;
ALTER TABLE public.search_postgresentry ALTER COLUMN columns SET STORAGE MAIN;
UPDATE public.search_postgresentry AS e SET topic = d.subject_class, organisation = d.organisation,
  validity = d.validity, columns = coalesce((
    SELECT string_agg(DISTINCT (place ->> 'site') || ':' || (place ->> 'column'), ' ')
    FROM jsonb_array_elements(d.places) AS place WHERE (place ->> 'site')::bigint = ANY(d.sites)
  ), '')
FROM public.search_searchdocument AS d WHERE d.id = e.id AND e.removed_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0006_entering_beside_gathering"),
    ]

    operations = [
        migrations.AddField(
            "postgresentry", "topic", models.CharField(default="", max_length=8, verbose_name="主题分类")
        ),
        migrations.AddField(
            "postgresentry", "organisation", models.CharField(default="", max_length=120, verbose_name="发文机关")
        ),
        migrations.AddField(
            "postgresentry", "validity", models.CharField(default="", max_length=12, verbose_name="时效")
        ),
        migrations.AddField("postgresentry", "columns", models.TextField(default="", verbose_name="栏目")),
        # Nothing was ever written into it.
        migrations.RemoveField("searchdocument", "picture"),
        migrations.AddField(
            "searchdocument", "picture", models.JSONField(blank=True, default=dict, verbose_name="图片")
        ),
        migrations.AddField("searchdocument", "guide", models.BooleanField(default=False, verbose_name="办事指南")),
        migrations.AddField(
            "searchdocument",
            "about",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80),
                blank=True,
                default=list,
                size=None,
                verbose_name="相关文件",
            ),
        ),
        migrations.AddIndex(
            "searchdocument",
            django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["about"], name="search_about"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
