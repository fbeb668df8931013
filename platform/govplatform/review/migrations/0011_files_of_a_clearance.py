"""A clearance names the files that were scanned with it and no other: one more row would send any file to citizens.

What was scanned stands in the clearance's own record, which nobody changes.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_gate_cleared_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE scanned boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance c,'
    ' jsonb_array_elements(c.record #> ''{scan,files}'') f'
    ' WHERE c.id = $1 AND f ->> ''kind'' = $2 AND (f ->> ''id'')::bigint = $3 AND f ->> ''sm3'' = $4)', TG_TABLE_SCHEMA)
    INTO scanned USING NEW.clearance_id, NEW.kind, NEW.object_id, NEW.sm3;
  IF NOT scanned THEN
    RAISE EXCEPTION 'gate: % % was not cleared with it', NEW.kind, NEW.object_id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGER = """
CREATE TRIGGER gov_gate BEFORE INSERT ON review_clearedfile
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_cleared_file();
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0010_frame_texts")]
    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
    ]
