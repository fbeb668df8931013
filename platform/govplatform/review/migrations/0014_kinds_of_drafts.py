"""A draft may become another kind of content, as long as nothing of it was public or cleared.

The function of the gate as 0013 wrote it; what is new is what it says of the kind (decision 065).
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_gate_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; cleared boolean; granted timestamptz; taken_down boolean; moved record; kind_there text;
BEGIN
  IF NEW.depth <= 1 THEN RETURN NEW; END IF;
  EXECUTE format('SELECT app_label || ''.'' || model FROM %I.django_content_type WHERE id = $1', TG_TABLE_SCHEMA)
    INTO kind USING NEW.content_type_id;
  IF TG_OP = 'UPDATE' AND OLD.content_type_id <> NEW.content_type_id THEN
    -- A draft that was never public and never cleared may be of another kind of content; what is cleared says of which.
    EXECUTE format('SELECT app_label || ''.'' || model FROM %I.django_content_type WHERE id = $1', TG_TABLE_SCHEMA)
      INTO kind_there USING OLD.content_type_id;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance WHERE page_id = $1)', TG_TABLE_SCHEMA)
      INTO cleared USING NEW.id;
    IF OLD.live OR NEW.live OR OLD.first_published_at IS NOT NULL OR cleared
       OR kind_there = ANY (TG_ARGV) OR kind = ANY (TG_ARGV) THEN
      RAISE EXCEPTION 'gate: page % may not change its kind', NEW.id USING ERRCODE = 'GP002';
    END IF;
  END IF;
  IF kind = ANY (TG_ARGV) THEN RETURN NEW; END IF;
  cleared := NULL;
  kind_there := NULL;
  -- What was public in the source is so here, with its times, the moment that a merge carries it.
  IF NEW.live OR NEW.first_published_at IS NOT NULL THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
    IF moved.state = 'moving' THEN
      EXECUTE format('SELECT c.app_label || ''.'' || c.model FROM %1$I.django_content_type c'
        ' JOIN %1$I.wagtailcore_page p ON p.content_type_id = c.id WHERE p.id = $1', moved.source)
        INTO kind_there USING NEW.id - (moved.ranges #>> '{wagtailcore_page,2}')::bigint;
      IF kind_there IS DISTINCT FROM kind OR NOT public.gov_is_as_in_source(moved.source, moved.ranges,
          'wagtailcore_page', to_jsonb(NEW), CASE WHEN NEW.live_revision_id IS NULL THEN '{}'::jsonb
            ELSE '{"live_revision_id": "wagtailcore_revision"}'::jsonb END, ARRAY['live_revision_id',
          'latest_revision_id', 'latest_revision_created_at', 'has_unpublished_changes', 'draft_title', 'go_live_at',
          'path', 'depth', 'numchild', 'url_path', 'slug', 'content_type_id', 'locale_id', 'translation_key',
          'alias_of_id', 'locked', 'locked_at', 'locked_by_id']) THEN
        RAISE EXCEPTION 'gate: page % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP002';
      END IF;
      RETURN NEW;
    END IF;
  END IF;
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
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0013_carried_rows")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
