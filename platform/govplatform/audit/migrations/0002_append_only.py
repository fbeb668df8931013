"""The record can be added to and read, never changed: for the owner as for the application."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'GP001';
END $$;

CREATE OR REPLACE FUNCTION public.gov_check_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  SELECT number, hash INTO last FROM public.audit_entry
    WHERE chain = NEW.chain ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN
    last := ROW(0::bigint, repeat('0', 64));
    IF NEW.number <> 1 OR NEW.previous_hash <> repeat('0', 64) THEN
      RAISE EXCEPTION 'audit chain % must begin with number 1', NEW.chain USING ERRCODE = 'GP001';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.number <> last.number + 1 OR NEW.previous_hash <> last.hash THEN
    RAISE EXCEPTION 'audit chain %: row % does not follow %', NEW.chain, NEW.number, last.number
      USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON public.audit_entry
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON public.audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER check_link BEFORE INSERT ON public.audit_entry
  FOR EACH ROW EXECUTE FUNCTION public.gov_check_audit_link();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
