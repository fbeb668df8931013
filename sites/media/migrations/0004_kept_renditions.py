"""A rendition stays as it was recorded, raw SQL included: its SM3 is noted once, the rest of its row never changes."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_rendition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'sm3' = to_jsonb(OLD) - 'sm3' AND (OLD.sm3 = '' OR NEW.sm3 = OLD.sm3) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'gate: rendition % stays as it was made', OLD.id USING ERRCODE = 'GP002';
END $$;
"""

TRIGGER = """
CREATE TRIGGER gov_keep BEFORE UPDATE ON media_siterendition
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_rendition();
"""


class Migration(migrations.Migration):
    dependencies = [("media", "0003_rendition_sm3")]
    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
    ]
