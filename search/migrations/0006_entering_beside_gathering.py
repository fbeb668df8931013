"""What is gathered while an index is made anew is entered over a second connection, beside the gathering.

By the owner's right, as in 0003.
"""

from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION public.search_enter() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET maintenance_work_mem = '256MB' AS $$
BEGIN
  PERFORM gin_clean_pending_list('public.search_lexemes'::regclass);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0005_synonyms"),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION IF EXISTS public.search_enter()"),
    ]
