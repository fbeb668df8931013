"""Versions and their files are added and read, never changed; a resource is never deleted nor made another."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION public.gov_keep_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'library: a resource is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF (NEW.id, NEW.uuid, NEW.tenant_id, NEW.page_id, NEW.published_at)
     IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.tenant_id, OLD.page_id, OLD.published_at)
     OR (OLD.number <> '' AND NEW.number <> OLD.number) THEN
    RAISE EXCEPTION 'library: resource % stays what it is', OLD.uuid USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_series() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.last < OLD.last OR (NEW.tenant_id, NEW.year) <> (OLD.tenant_id, OLD.year) THEN
    RAISE EXCEPTION 'library: an index number is never drawn twice' USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;

-- For the page tables of every site (their own migrations attach it): given once, by publishing.
CREATE OR REPLACE FUNCTION public.gov_keep_index_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.index_number <> '' AND NEW.index_number IS DISTINCT FROM OLD.index_number THEN
    RAISE EXCEPTION 'library: the index number of page % does not change', OLD.page_ptr_id USING ERRCODE = 'GP001';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE UPDATE OR DELETE ON public.content_library_resource
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_resource();
CREATE TRIGGER gov_keep BEFORE UPDATE OR DELETE ON public.content_library_indexseries
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_series();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON public.content_library_resourceversion
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON public.content_library_resourcefile
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.content_library_resource
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.content_library_resourceversion
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON public.content_library_resourcefile
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("content_library", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
