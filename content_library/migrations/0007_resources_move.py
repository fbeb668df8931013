"""A resource goes with its page into the site that a merge carries it to, and comes back when that is undone."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_resource() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moves boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'library: a resource is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF (NEW.tenant_id, NEW.page_id) IS DISTINCT FROM (OLD.tenant_id, OLD.page_id) THEN
    -- With the page that a merge carries, or back again; it stays the same resource.
    SELECT true INTO moves FROM public.lifecycle_merge m
      WHERE ((m.state = 'moving' AND m.source_id = OLD.tenant_id AND m.destination_id = NEW.tenant_id
          AND NEW.page_id = OLD.page_id + (m.ranges #>> '{wagtailcore_page,2}')::bigint
          AND NEW.page_id BETWEEN (m.ranges #>> '{wagtailcore_page,0}')::bigint
            AND (m.ranges #>> '{wagtailcore_page,1}')::bigint)
        OR (m.state = 'reverting' AND m.source_id = NEW.tenant_id AND m.destination_id = OLD.tenant_id
          AND OLD.page_id = NEW.page_id + (m.ranges #>> '{wagtailcore_page,2}')::bigint
          AND OLD.page_id BETWEEN (m.ranges #>> '{wagtailcore_page,0}')::bigint
            AND (m.ranges #>> '{wagtailcore_page,1}')::bigint))
        AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c
          WHERE c.oid = TG_RELID AND pg_catalog.pg_get_userbyid(c.relowner) = current_user)
      LIMIT 1;
    IF moves IS NOT TRUE THEN
      RAISE EXCEPTION 'library: resource % stays what it is', OLD.uuid USING ERRCODE = 'GP001';
    END IF;
  END IF;
  IF (NEW.id, NEW.uuid, NEW.published_at) IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.published_at)
     OR (OLD.number <> '' AND NEW.number <> OLD.number) THEN
    RAISE EXCEPTION 'library: resource % stays what it is', OLD.uuid USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("content_library", "0006_origin_stands"), ("lifecycle", "0006_carried_rows")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
