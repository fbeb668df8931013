"""A version that was decided on stays as it is, but for one change: what it says of people whose case was erased."""

from django.db import migrations

ERASED = """
-- Whether a version of an answer that was never public loses its words, and nothing else, after its case lost them.
CREATE OR REPLACE FUNCTION public.gov_is_erased_reply(site text, page text, kind bigint, before jsonb, after jsonb)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE words text[] := ARRAY['title', 'draft_title', 'slug', 'url_path', 'question', 'answer', 'summary', 'keywords',
  'seo_title', 'search_description']; fits boolean;
BEGIN
  IF before - words IS DISTINCT FROM after - words OR after ->> 'title' IS DISTINCT FROM '内容已到期删除'
     OR after ->> 'question' <> ''
     OR (after ->> 'answer' <> '' AND after ->> 'answer' IS DISTINCT FROM before ->> 'answer') THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.django_content_type c, %1$I.wagtailcore_page p'
    ' WHERE c.id = $1 AND c.app_label = ''interaction'' AND c.model IN (''privatereply'', ''publicreply'')'
    ' AND p.id::text = $2 AND p.content_type_id = c.id AND p.first_published_at IS NULL)', site)
    INTO fits USING kind, page;
  RETURN fits AND EXISTS (SELECT 1 FROM public.cases_case k
    WHERE k.number = before ->> 'case_number' AND k.erased_at IS NOT NULL);
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decided boolean; moved record;
BEGIN
  IF (NEW.user_id, NEW.content, NEW.object_id, NEW.base_content_type_id)
     IS NOT DISTINCT FROM (OLD.user_id, OLD.content, OLD.object_id, OLD.base_content_type_id) THEN
    RETURN NEW;
  END IF;
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
  IF moved.state = 'moving' AND NEW.id = OLD.id THEN RETURN NEW; END IF;
  IF OLD.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id THEN
    RAISE EXCEPTION 'gate: the author of revision % does not change', OLD.id USING ERRCODE = 'GP003';
  END IF;
  IF (NEW.content, NEW.object_id, NEW.base_content_type_id)
     IS DISTINCT FROM (OLD.content, OLD.object_id, OLD.base_content_type_id) THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_decision WHERE revision_id = $1)', TG_TABLE_SCHEMA)
      INTO decided USING OLD.id;
    IF decided AND (NEW.object_id <> OLD.object_id OR NEW.base_content_type_id <> OLD.base_content_type_id
       OR NOT public.gov_is_erased_reply(TG_TABLE_SCHEMA, OLD.object_id, OLD.content_type_id, OLD.content,
         NEW.content)) THEN
      RAISE EXCEPTION 'gate: revision % was decided on and stays as it is', OLD.id USING ERRCODE = 'GP002';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("interaction", "0004_disclosure_requests"),
        ("review", "0015_one_word_for_a_state"),
        ("cases", "0011_retention"),
    ]
    operations = [migrations.RunSQL(ERASED, migrations.RunSQL.noop)]
