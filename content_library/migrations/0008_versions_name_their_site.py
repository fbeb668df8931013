"""A version names the version of the page and the clearance that it was made of, by their numbers on the site.

With a merge the page gets other numbers (deploy/decisions/045-merging-sites.md); everything else of a version stays.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'revision_id' - 'clearance_id' = to_jsonb(OLD) - 'revision_id' - 'clearance_id'
     AND EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = TG_RELID
       AND pg_catalog.pg_get_userbyid(c.relowner) = current_user)
     AND EXISTS (SELECT 1 FROM public.content_library_resource r JOIN public.lifecycle_merge m
       ON (m.state = 'moving' AND m.destination_id = r.tenant_id
         AND NEW.revision_id = OLD.revision_id + (m.ranges -> 'wagtailcore_revision' ->> 2)::bigint)
       OR (m.state = 'reverting' AND m.source_id = r.tenant_id
         AND NEW.revision_id = OLD.revision_id - (m.ranges -> 'wagtailcore_revision' ->> 2)::bigint)
       WHERE r.id = NEW.resource_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'content_library_resourceversion is append-only: % refused', TG_OP USING ERRCODE = 'GP001';
END $$;
"""

TRIGGER = """
CREATE OR REPLACE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON public.content_library_resourceversion
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_version();
"""


class Migration(migrations.Migration):
    dependencies = [("content_library", "0007_resources_move"), ("lifecycle", "0005_merges")]
    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, migrations.RunSQL.noop),
    ]
