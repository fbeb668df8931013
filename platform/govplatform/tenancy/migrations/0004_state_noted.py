"""What the triggers of the sites call: the digests of a schema no longer hold once one of its watched tables changes.

Not by the caller's rights: the application may change some of these tables, but not what is known of them.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_note_state() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_TABLE_NAME = 'django_migrations' THEN
    UPDATE public.tenancy_schemastate SET migrations = NULL, changes = changes + 1
      WHERE schema_name = TG_TABLE_SCHEMA;
  ELSE
    UPDATE public.tenancy_schemastate SET rights = NULL, changes = changes + 1
      WHERE schema_name = TG_TABLE_SCHEMA;
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_schema_state")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
