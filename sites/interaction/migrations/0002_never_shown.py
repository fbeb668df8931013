"""A private answer is never live, whatever writes it: the gate would let a cleared page through."""

from django.db import migrations

TRIGGER = """
CREATE OR REPLACE FUNCTION public.gov_keep_private() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text;
BEGIN
  EXECUTE format('SELECT app_label || ''.'' || model FROM %I.django_content_type WHERE id = $1', TG_TABLE_SCHEMA)
    INTO kind USING NEW.content_type_id;
  IF kind = 'interaction.privatereply' THEN
    RAISE EXCEPTION 'gate: page % answers one person and is never public', NEW.id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_private BEFORE INSERT OR UPDATE OF live ON wagtailcore_page
  FOR EACH ROW WHEN (NEW.live) EXECUTE FUNCTION public.gov_keep_private();
"""


class Migration(migrations.Migration):
    dependencies = [("interaction", "0001_initial"), ("wagtailcore", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGER, migrations.RunSQL.noop)]
