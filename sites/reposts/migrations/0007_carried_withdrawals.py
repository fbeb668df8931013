"""Withdrawals come along with a merge as they are in the source; all else as reposts.0005 wrote it."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_gate_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved record;
BEGIN
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state = 'moving' THEN
    IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
        '{"page_id": "wagtailcore_page"}', ARRAY[]::text[]) THEN
      RAISE EXCEPTION 'gate: withdrawal % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP003';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.break_glass THEN
    IF NOT public.gov_is_supervisor(NEW.withdrawn_by_id) OR NEW.confirm_by IS NULL THEN
      RAISE EXCEPTION 'gate: a supervisor alone withdraws at once, to be confirmed by a time' USING ERRCODE = 'GP003';
    END IF;
  ELSIF NEW.withdrawn_by_id IS NULL AND EXISTS (
      SELECT 1 FROM public.content_library_repost r
      JOIN public.tenancy_tenant t ON t.id = r.tenant_id
      JOIN public.content_library_resource x ON x.id = r.resource_id
      WHERE t.schema_name = TG_TABLE_SCHEMA AND r.page_id = NEW.page_id
        AND (x.status = 'withdrawn' OR NOT public.content_library_origin_stands(x.origin))
      UNION ALL
      SELECT 1 FROM public.content_library_resource y JOIN public.tenancy_tenant t ON t.id = y.tenant_id
      WHERE t.schema_name = TG_TABLE_SCHEMA AND y.page_id = NEW.page_id
        AND NOT public.content_library_origin_stands(y.origin)
      UNION ALL
      SELECT 1 FROM public.lifecycle_sitenotice n JOIN public.tenancy_tenant t ON t.id = n.site_id
      JOIN public.lifecycle_siteapplication a ON a.id = n.application_id
      WHERE t.schema_name = TG_TABLE_SCHEMA AND n.page_id = NEW.page_id AND n.down_at IS NULL
        AND (a.ended_at IS NOT NULL
          OR (n.kind NOT IN ('offline', 'migration') AND n.until <= clock_timestamp() + interval '1 day'))) THEN
    RETURN NEW;
  ELSIF NOT public.gov_holds_role(TG_TABLE_SCHEMA, NEW.withdrawn_by_id,
      ARRAY['content-reviewer', 'confidentiality-reviewer']) THEN
    RAISE EXCEPTION 'gate: a reviewer of the site withdraws' USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reposts", "0006_original_published_at"), ("lifecycle", "0006_carried_rows")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
