"""Whether what a copy was made from may still be shown, asked of the database: readers ask in every statement.

``UNION`` ends circles, which foreign platforms may send. A resource that is not here has nothing against it.
"""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION public.content_library_origin_stands(of_copy uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT of_copy IS NULL OR NOT EXISTS (
    WITH RECURSIVE above(uuid) AS (
      SELECT of_copy
      UNION
      SELECT x.origin FROM above a JOIN public.content_library_resource x ON x.uuid = a.uuid
      WHERE x.origin IS NOT NULL
    )
    SELECT 1 FROM above a JOIN public.content_library_resource x ON x.uuid = a.uuid WHERE x.status = 'withdrawn'
  )
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("content_library", "0005_newest"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION IF EXISTS public.content_library_origin_stands(uuid)"),
    ]
