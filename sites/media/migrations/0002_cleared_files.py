"""Files that a valid clearance names: neither changed nor deleted, raw SQL included.

Size and hash are looked up in the file when they are first asked for: noted once, never changed. Whoever clears a page
holds its files' rows to the end, so that nobody changes them in between: who comes later finds the clearance.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_keep_cleared_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE shown bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'file_size' - 'file_hash' = to_jsonb(OLD) - 'file_size' - 'file_hash'
     AND (OLD.file_size IS NULL OR NEW.file_size IS NOT DISTINCT FROM OLD.file_size)
     AND (OLD.file_hash = '' OR NEW.file_hash IS NOT DISTINCT FROM OLD.file_hash) THEN
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT c.page_id FROM %1$I.review_clearedfile f JOIN %1$I.review_clearance c'
    ' ON c.id = f.clearance_id WHERE f.kind = $1 AND f.object_id = $2 AND c.status = ''valid'' LIMIT 1',
    TG_TABLE_SCHEMA) INTO shown USING TG_ARGV[0], OLD.id;
  IF shown IS NOT NULL THEN
    RAISE EXCEPTION 'gate: % % was cleared with page % and stays as it is', TG_ARGV[0], OLD.id, shown
      USING ERRCODE = 'GP002';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_hold_cleared_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT 1 FROM %I.%I WHERE id = $1 FOR SHARE', TG_TABLE_SCHEMA,
    CASE NEW.kind WHEN 'image' THEN 'media_siteimage' ELSE 'media_sitedocument' END) USING NEW.object_id;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE UPDATE OR DELETE ON media_siteimage
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_cleared_file('image');
CREATE TRIGGER gov_keep BEFORE UPDATE OR DELETE ON media_sitedocument
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_cleared_file('document');
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON media_siteimage
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON media_sitedocument
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_clearedfile
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_hold BEFORE INSERT ON review_clearedfile
  FOR EACH ROW EXECUTE FUNCTION public.gov_hold_cleared_file();
"""


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial"), ("review", "0009_longer_digests"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
