"""The separation of live text, whatever writes it: words never change, and what is shown was cleared by others."""

from django.db import migrations

TRIGGERS = """
CREATE OR REPLACE FUNCTION public.gov_keep_words_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.entry_id, NEW.number, NEW.text, NEW.photo, NEW.digest, NEW.typed_by_id)
     IS DISTINCT FROM (OLD.entry_id, OLD.number, OLD.text, OLD.photo, OLD.digest, OLD.typed_by_id) THEN
    RAISE EXCEPTION 'gate: the words of live text % never change', OLD.id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_require_two_for_live_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cleared boolean;
BEGIN
  EXECUTE format(
    'SELECT v.entry_id = $2 AND v.content_by_id <> v.typed_by_id AND v.severity <> ''block'''
    ' AND (v.severity <> ''warn'' OR (v.secret_by_id <> v.typed_by_id AND v.secret_by_id <> v.content_by_id))'
    ' FROM %I.interviews_entryversion v WHERE v.id = $1', TG_TABLE_SCHEMA)
    INTO cleared USING NEW.shown_id, NEW.id;
  IF cleared IS NOT TRUE THEN
    RAISE EXCEPTION 'gate: live text % was not cleared by others than who typed it', NEW.id USING ERRCODE = 'GP002';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_words_said BEFORE UPDATE ON interviews_entryversion
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_words_said();
-- With the commit: whoever restores a site writes entries before their versions.
CREATE CONSTRAINT TRIGGER require_two_people AFTER INSERT OR UPDATE ON interviews_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.shown_id IS NOT NULL)
  EXECUTE FUNCTION public.gov_require_two_for_live_text();
"""


class Migration(migrations.Migration):
    dependencies = [("interviews", "0001_initial")]
    operations = [migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)]
