"""What a merge may carry past the gate of its destination, and that nobody else can say he is one (decision 045).

The triggers of every site ask these functions. A row is carried when the tables belong to whoever writes, a merge into
that site is at it, and the row's number lies in the range that was reserved for it.
"""

from django.db import migrations

FUNCTIONS = """
-- The merge that carries this row now; all NULL when there is none. Whether the tables are one's own is asked first:
-- for the application, which owns nothing, that is the whole answer.
CREATE OR REPLACE FUNCTION public.gov_merge_of(site text, tbl text, row_id bigint,
  OUT merge_id bigint, OUT state text, OUT source text, OUT ranges jsonb)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF row_id IS NULL OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c
      WHERE c.oid = pg_catalog.to_regclass(pg_catalog.format('%I.%I', site, tbl))
        AND pg_catalog.pg_get_userbyid(c.relowner) = current_user) THEN
    RETURN;
  END IF;
  SELECT m.id, m.state, s.schema_name, m.ranges INTO merge_id, state, source, ranges
    FROM public.lifecycle_merge m
    JOIN public.tenancy_tenant d ON d.id = m.destination_id
    JOIN public.tenancy_tenant s ON s.id = m.source_id
    WHERE m.state IN ('moving', 'reverting') AND d.schema_name = site
      AND row_id BETWEEN (m.ranges -> tbl ->> 0)::bigint AND (m.ranges -> tbl ->> 1)::bigint
    LIMIT 1;
END $$;

CREATE OR REPLACE FUNCTION public.gov_is_carried(site text, tbl text, row_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE moved record;
BEGIN
  moved := public.gov_merge_of(site, tbl, row_id);
  RETURN moved.merge_id IS NOT NULL;
END $$;

-- Whether a carried row says what the source's says. ``refs``: column -> table of what it names, whose number moved
-- with that table; ``free``: columns that the destination has in its own way.
CREATE OR REPLACE FUNCTION public.gov_is_as_in_source(source text, ranges jsonb, tbl text, carried jsonb, refs jsonb,
  free text[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE there jsonb; named record; apart text[];
BEGIN
  EXECUTE format('SELECT to_jsonb(s) FROM %I.%I s WHERE s.id = $1', source, tbl) INTO there
    USING (carried ->> 'id')::bigint - (ranges -> tbl ->> 2)::bigint;
  IF there IS NULL THEN RETURN false; END IF;
  apart := free || 'id'::text;
  FOR named IN SELECT r.key AS its_column, r.value AS its_table FROM jsonb_each_text(refs) r LOOP
    IF (carried ->> named.its_column)::bigint IS DISTINCT FROM
       (there ->> named.its_column)::bigint + (ranges -> named.its_table ->> 2)::bigint THEN
      RETURN false;
    END IF;
    apart := apart || named.its_column;
  END LOOP;
  RETURN carried - apart = there - apart;
END $$;

-- For tables of sites whose rows are added and read, never changed: they go again with the merge that brought them.
-- The first argument names the primary key where it is not ``id``.
CREATE OR REPLACE FUNCTION public.gov_refuse_site_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved record;
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME,
      (to_jsonb(OLD) ->> coalesce(TG_ARGV[0], 'id'))::bigint);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'GP001';
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_merge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_owner boolean; asked boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'merge: the record of merge % is kept', OLD.id USING ERRCODE = 'GP005';
  END IF;
  is_owner := EXISTS (SELECT 1 FROM pg_catalog.pg_class c
    WHERE c.oid = TG_RELID AND pg_catalog.pg_get_userbyid(c.relowner) = current_user);
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.source_id, NEW.destination_id, NEW.application_id)
       IS DISTINCT FROM (OLD.id, OLD.source_id, OLD.destination_id, OLD.application_id) THEN
      RAISE EXCEPTION 'merge: merge % is of its two sites and its application', OLD.id USING ERRCODE = 'GP005';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('queued', 'moving'), ('queued', 'refused'), ('moving', 'moved'), ('moving', 'refused'), ('moving', 'queued'),
        ('moved', 'confirmed'), ('moved', 'reverting'), ('reverting', 'reverted'), ('reverting', 'moved')) THEN
      RAISE EXCEPTION 'merge: merge % does not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'GP005';
    END IF;
    IF NEW.state <> OLD.state AND NEW.state IN ('moving', 'moved', 'reverting', 'reverted') AND NOT is_owner THEN
      RAISE EXCEPTION 'merge: the owner of the tables alone carries rows' USING ERRCODE = 'GP005';
    END IF;
    IF (NEW.memory <> OLD.memory AND NOT is_owner)
       OR (NEW.ranges <> OLD.ranges AND (NOT is_owner OR OLD.state NOT IN ('queued', 'moving'))) THEN
      RAISE EXCEPTION 'merge: what merge % carries is not for you to say, or not any more', OLD.id
        USING ERRCODE = 'GP005';
    END IF;
  ELSIF NEW.state <> 'queued' OR NEW.ranges <> '{}'::jsonb OR NEW.memory <> '{}'::jsonb THEN
    RAISE EXCEPTION 'merge: a merge begins in the queue, with nothing to carry' USING ERRCODE = 'GP005';
  END IF;
  IF TG_OP = 'INSERT' OR (NEW.state = 'moving' AND OLD.state <> 'moving') THEN
    SELECT true INTO asked FROM public.lifecycle_siteapplication a
      JOIN public.tenancy_tenant t ON t.id = a.tenant_id
      WHERE a.id = NEW.application_id AND a.tenant_id = NEW.source_id AND a.into_id = NEW.destination_id
        AND a.kind = 'retire' AND a.state = 'approved' AND a.carried_out_at IS NOT NULL AND a.ended_at IS NULL
        AND t.status = 'retiring' AND NEW.source_id <> NEW.destination_id;
    IF asked IS NOT TRUE THEN
      RAISE EXCEPTION 'merge: there is no approved retirement of the one site into the other' USING ERRCODE = 'GP005';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE INSERT OR UPDATE OR DELETE ON public.lifecycle_merge
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_merge();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.lifecycle_merge
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0005_merges"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
