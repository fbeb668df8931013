"""The publishing gate in the database (decision 024): for every path, raw SQL included.

Functions live in ``public`` and find the site's tables by the trigger's own schema, so that a
clone of the template carries triggers that need no rewriting.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_gate_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; cleared boolean; granted timestamptz;
BEGIN
  IF NEW.depth <= 1 THEN RETURN NEW; END IF;
  EXECUTE format('SELECT app_label || ''.'' || model FROM %I.django_content_type WHERE id = $1', TG_TABLE_SCHEMA)
    INTO kind USING NEW.content_type_id;
  IF TG_OP = 'UPDATE' AND OLD.content_type_id <> NEW.content_type_id THEN
    RAISE EXCEPTION 'gate: page % may not change its kind', NEW.id USING ERRCODE = 'GP002';
  END IF;
  IF kind = ANY (TG_ARGV) THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.first_published_at IS NOT NULL
     AND NEW.first_published_at IS DISTINCT FROM OLD.first_published_at THEN
    RAISE EXCEPTION 'gate: publish time of page % is immutable', NEW.id USING ERRCODE = 'GP002';
  END IF;
  IF NOT NEW.live THEN
    IF NEW.first_published_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.first_published_at IS NULL) THEN
      RAISE EXCEPTION 'gate: publish time of page % is set by publishing alone', NEW.id USING ERRCODE = 'GP002';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    RAISE EXCEPTION 'gate: page % cannot be created live', NEW.title USING ERRCODE = 'GP002';
  END IF;
  EXECUTE format('SELECT true, granted_at FROM %I.review_clearance'
    ' WHERE page_id = $1 AND revision_id = $2 AND status = ''valid'' LIMIT 1', TG_TABLE_SCHEMA)
    INTO cleared, granted USING NEW.id, NEW.live_revision_id;
  IF cleared IS NOT TRUE THEN
    RAISE EXCEPTION 'gate: page % is live without a clearance for its revision', NEW.id USING ERRCODE = 'GP002';
  END IF;
  IF OLD.first_published_at IS NULL
     AND (NEW.first_published_at IS NULL OR NEW.first_published_at < granted) THEN
    RAISE EXCEPTION 'gate: publish time of page % lies before its clearance', NEW.id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

-- Has this person a hand in the page? All revisions up to the given one, and its owner.
CREATE OR REPLACE FUNCTION public.gov_in_lineage(site text, page bigint, revision bigint, person bigint)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE found boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.wagtailcore_page p WHERE p.id = $1 AND p.owner_id = $3)'
    ' OR EXISTS (SELECT 1 FROM %1$I.wagtailcore_revision r'
    '   JOIN %1$I.django_content_type c ON c.id = r.base_content_type_id'
    '   WHERE c.app_label = ''wagtailcore'' AND c.model = ''page'' AND r.object_id = $1::text'
    '     AND r.id <= $2 AND r.user_id = $3)', site)
    INTO found USING page, revision, person;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted text;
BEGIN
  wanted := CASE NEW.step WHEN 'content' THEN 'content-reviewer'
                          WHEN 'confidentiality' THEN 'confidentiality-reviewer' END;
  IF NOT EXISTS (SELECT 1 FROM public.accounts_membership m
      JOIN public.tenancy_tenant t ON t.id = m.tenant_id
      JOIN public.accounts_user u ON u.id = m.user_id
      WHERE t.schema_name = TG_TABLE_SCHEMA AND m.user_id = NEW.reviewer_id AND m.role = wanted AND u.is_active) THEN
    RAISE EXCEPTION 'gate: the reviewer does not hold the role %', wanted USING ERRCODE = 'GP003';
  END IF;
  IF public.gov_in_lineage(TG_TABLE_SCHEMA, NEW.page_id, NEW.revision_id, NEW.reviewer_id) THEN
    RAISE EXCEPTION 'gate: the reviewer had a hand in page %', NEW.page_id USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good integer;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'gate: a clearance is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (to_jsonb(NEW) - 'status') <> (to_jsonb(OLD) - 'status')
       OR (OLD.status <> NEW.status AND OLD.status <> 'valid') THEN
      RAISE EXCEPTION 'gate: a clearance may only end' USING ERRCODE = 'GP001';
    END IF;
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT count(DISTINCT d.reviewer_id) FROM %I.review_decision d'
    ' WHERE d.page_id = $1 AND d.revision_id = $2 AND d.digest = $3 AND d.verdict = ''approved'''
    ' AND ((d.id = $4 AND d.step = ''content'') OR (d.id = $5 AND d.step = ''confidentiality''))', TG_TABLE_SCHEMA)
    INTO good USING NEW.page_id, NEW.revision_id, NEW.digest, NEW.content_decision_id,
      NEW.confidentiality_decision_id;
  IF good <> 2 OR NEW.status <> 'valid' THEN
    RAISE EXCEPTION 'gate: a clearance needs two approvals of one digest by two people' USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_gate BEFORE INSERT OR UPDATE ON wagtailcore_page
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_page('home.homepage', 'columns.column');
CREATE TRIGGER gov_gate BEFORE INSERT ON review_decision
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_decision();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON review_decision
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_decision
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_gate BEFORE INSERT OR UPDATE OR DELETE ON review_clearance
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_clearance();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_clearance
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_initial"),
        ("audit", "0002_append_only"),
        ("accounts", "0002_separation"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
