"""Files that a merge brought go again when it is undone; all else as media.0002 wrote it."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_cleared_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE shown bigint; moved record;
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'file_size' - 'file_hash' = to_jsonb(OLD) - 'file_size' - 'file_hash'
     AND (OLD.file_size IS NULL OR NEW.file_size IS NOT DISTINCT FROM OLD.file_size)
     AND (OLD.file_hash = '' OR NEW.file_hash IS NOT DISTINCT FROM OLD.file_hash) THEN
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT c.page_id FROM %1$I.review_clearedfile f JOIN %1$I.review_clearance c'
    ' ON c.id = f.clearance_id WHERE f.kind = $1 AND f.object_id = $2 AND c.status = ''valid'' LIMIT 1',
    TG_TABLE_SCHEMA) INTO shown USING TG_ARGV[0], OLD.id;
  IF shown IS NOT NULL AND TG_OP = 'DELETE' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
  END IF;
  IF shown IS NOT NULL THEN
    RAISE EXCEPTION 'gate: % % was cleared with page % and stays as it is', TG_ARGV[0], OLD.id, shown
      USING ERRCODE = 'GP002';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("media", "0004_kept_renditions"), ("lifecycle", "0006_carried_rows")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
