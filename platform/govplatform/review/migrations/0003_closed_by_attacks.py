"""What attacks on the gate found open, closed in the database.

* a cleared page is not deleted, and comes down by a withdrawal with a reason, or because its cleared time is over;
* a publish time is the time of publishing, neither earlier nor later;
* the words of a live page that stand in Wagtail's own table are those of its cleared revision;
* a decision belongs to a revision of its page, a clearance to approvals in the audit chain;
* who wrote a revision never changes, and what was decided on is not overwritten in place.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_gate_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; cleared boolean; granted timestamptz; taken_down boolean;
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
  IF TG_OP = 'UPDATE' AND OLD.live AND NOT NEW.live
     AND NOT (NEW.expired AND OLD.expire_at IS NOT NULL AND OLD.expire_at <= clock_timestamp() + interval '1 day') THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.review_withdrawal w WHERE w.page_id = $1'
      ' AND length(w.reason) > 0 AND w.withdrawn_at >= coalesce((SELECT max(c.granted_at)'
      ' FROM %1$I.review_clearance c WHERE c.page_id = $1 AND c.revision_id = $2), ''-infinity''::timestamptz))',
      TG_TABLE_SCHEMA) INTO taken_down USING NEW.id, OLD.live_revision_id;
    IF NOT taken_down THEN
      RAISE EXCEPTION 'gate: page % is taken down without a withdrawal and its reason', NEW.id USING ERRCODE = 'GP002';
    END IF;
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
  -- A day ahead at most: the application's clock need not be the database's.
  -- The act sets the time: a page that was cleared last week and goes live today says today.
  IF OLD.first_published_at IS NULL AND (NEW.first_published_at < now() - interval '10 minutes'
     OR NEW.first_published_at > clock_timestamp() + interval '1 day') THEN
    RAISE EXCEPTION 'gate: publish time of page % is not the time of publishing', NEW.id USING ERRCODE = 'GP002';
  END IF;
  -- Address and lifetime are what a page of this table promises to citizens. Words are named by verify_gate,
  -- here as in the tables of the page types, which no trigger compares.
  IF OLD.live AND OLD.live_revision_id = NEW.live_revision_id
     AND (NEW.slug, NEW.expire_at) IS DISTINCT FROM (OLD.slug, OLD.expire_at) THEN
    RAISE EXCEPTION 'gate: page % is live at another address or for another time than was cleared', NEW.id
      USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted text; belongs boolean;
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
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.wagtailcore_revision r'
    ' JOIN %1$I.django_content_type c ON c.id = r.base_content_type_id'
    ' WHERE c.app_label = ''wagtailcore'' AND c.model = ''page'' AND r.id = $1 AND r.object_id = $2::text)',
    TG_TABLE_SCHEMA) INTO belongs USING NEW.revision_id, NEW.page_id;
  IF NOT belongs THEN
    RAISE EXCEPTION 'gate: revision % is not one of page %', NEW.revision_id, NEW.page_id USING ERRCODE = 'GP003';
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
  IF NEW.granted_at < now() - interval '10 minutes' OR NEW.granted_at > clock_timestamp() + interval '10 minutes' THEN
    RAISE EXCEPTION 'gate: a clearance is dated when it is granted' USING ERRCODE = 'GP002';
  END IF;
  -- Both approvals stand in the site's audit chain, or somebody wrote them past the platform.
  EXECUTE format('SELECT count(DISTINCT d.id) FROM %I.review_decision d JOIN public.audit_entry e'
    ' ON e.chain = $1 AND e.act = ''review.approved'' AND e.actor_id = d.reviewer_id'
    ' AND e.object_id = d.page_id::text AND e.detail ->> ''revision'' = d.revision_id::text'
    ' AND e.detail ->> ''digest'' = d.digest AND e.detail ->> ''step'' = d.step'
    ' WHERE d.id IN ($2, $3)', TG_TABLE_SCHEMA)
    INTO good USING TG_TABLE_SCHEMA, NEW.content_decision_id, NEW.confidentiality_decision_id;
  IF good <> 2 THEN
    RAISE EXCEPTION 'gate: an approval of page % is not in the audit chain', NEW.page_id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decided boolean;
BEGIN
  IF OLD.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id THEN
    RAISE EXCEPTION 'gate: the author of revision % does not change', OLD.id USING ERRCODE = 'GP003';
  END IF;
  IF (NEW.content, NEW.object_id, NEW.base_content_type_id)
     IS DISTINCT FROM (OLD.content, OLD.object_id, OLD.base_content_type_id) THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_decision WHERE revision_id = $1)', TG_TABLE_SCHEMA)
      INTO decided USING OLD.id;
    IF decided THEN
      RAISE EXCEPTION 'gate: revision % was decided on and stays as it is', OLD.id USING ERRCODE = 'GP002';
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- The foreign keys say the same, but only when the transaction ends.
CREATE OR REPLACE FUNCTION public.gov_keep_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cleared boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance WHERE page_id = $1)', TG_TABLE_SCHEMA)
    INTO cleared USING OLD.id;
  IF cleared THEN
    RAISE EXCEPTION 'gate: page % was cleared and is not deleted', OLD.id USING ERRCODE = 'GP002';
  END IF;
  RETURN OLD;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE DELETE ON wagtailcore_page
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_page();
CREATE TRIGGER gov_keep BEFORE UPDATE ON wagtailcore_revision
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_revision();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON review_withdrawal
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON review_clearedfile
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0002_gate"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
