"""Beside the tree nothing is public: the gate lets the root pass, and so nothing else may take the root's place.

A page that took the root's depth was past the gate, and the home page, which lists some kinds wherever they are,
showed it. The kind is looked up for the root alone, which hardly ever changes.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_root() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_plain boolean;
BEGIN
  IF NEW.depth > 1 THEN RETURN NEW; END IF;
  EXECUTE format('SELECT app_label = ''wagtailcore'' AND model = ''page'' FROM %I.django_content_type WHERE id = $1',
    TG_TABLE_SCHEMA) INTO is_plain USING NEW.content_type_id;
  IF is_plain IS NOT TRUE OR length(NEW.path) <> 4 OR (TG_OP = 'UPDATE' AND OLD.depth > 1) THEN
    RAISE EXCEPTION 'gate: page % is no root of the tree', NEW.id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGER = """
CREATE TRIGGER gov_keep_root BEFORE INSERT OR UPDATE ON wagtailcore_page
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_root();
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0011_files_of_a_clearance")]
    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
    ]
