"""Scans and what they found come along with a merge, finished as they are, and go again when it is undone.

The latest text of each function; what is new is the answer of ``gov_merge_of`` (lifecycle.0006).
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_keep_scan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' THEN
      moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
      IF moved.state = 'moving' THEN
        IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
            '{"page_id": "wagtailcore_page", "revision_id": "wagtailcore_revision"}', ARRAY[]::text[]) THEN
          RAISE EXCEPTION 'gate: scan % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP004';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'gate: a scan begins in the queue' USING ERRCODE = 'GP004';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) -> 'page_id', to_jsonb(NEW) -> 'digest') IS DISTINCT FROM
     (to_jsonb(OLD) -> 'page_id', to_jsonb(OLD) -> 'digest') THEN
    RAISE EXCEPTION 'gate: scan % is of another page or digest', OLD.id USING ERRCODE = 'GP004';
  END IF;
  IF OLD.state = 'done' AND (to_jsonb(NEW) - 'revision_id') <> (to_jsonb(OLD) - 'revision_id') THEN
    RAISE EXCEPTION 'gate: scan % is finished and stays as it is', OLD.id USING ERRCODE = 'GP004';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_finding() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept boolean; moved record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'gate: finding % is never changed', OLD.id USING ERRCODE = 'GP004';
  END IF;
  IF TG_OP = 'INSERT' THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.confidentiality_scan WHERE id = $1 AND state = ''done'')',
      TG_TABLE_SCHEMA) INTO kept USING NEW.scan_id;
    IF kept THEN
      moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
      IF moved.state = 'moving' THEN
        IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
            '{"scan_id": "confidentiality_scan"}', ARRAY['attachment_id']) THEN
          RAISE EXCEPTION 'gate: finding % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP004';
        END IF;
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'gate: scan % is finished, nothing is added to it', NEW.scan_id USING ERRCODE = 'GP004';
    END IF;
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance WHERE scan_id = $1)', TG_TABLE_SCHEMA)
    INTO kept USING OLD.scan_id;
  IF kept THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: finding % belongs to a clearance', OLD.id USING ERRCODE = 'GP004';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION public.gov_scanned_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good boolean; moved record;
BEGIN
  -- gov_gate, which fires first, has compared it with the source's, which had its scan.
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state = 'moving' THEN RETURN NEW; END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.confidentiality_scan s WHERE s.id = $1 AND s.page_id = $2'
    ' AND s.digest = $3 AND s.state = ''done'' AND EXISTS (SELECT 1 FROM public.audit_entry e'
    ' WHERE e.object_type = ''confidentiality.scan'' AND e.object_id = s.id::text AND e.chain = $4'
    ' AND e.act = ''scan.done'' AND e.detail ->> ''digest'' = s.digest))', TG_TABLE_SCHEMA)
    INTO good USING NEW.scan_id, NEW.page_id, NEW.digest, TG_TABLE_SCHEMA;
  IF good IS NOT TRUE THEN
    RAISE EXCEPTION 'gate: page % has no finished confidentiality scan of the digest that is cleared', NEW.page_id
      USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGER = """
CREATE OR REPLACE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON confidentiality_disposition
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_site_change();
"""


class Migration(migrations.Migration):
    dependencies = [("confidentiality", "0005_longer_digests"), ("lifecycle", "0006_carried_rows")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
    ]
