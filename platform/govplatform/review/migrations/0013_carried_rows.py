"""Rows that a merge carries pass the gate, each as it stands in the source; with its undoing they go again.

The functions of the gate, the latest text of each: what is new is the answer of ``gov_merge_of``. And the transferred
clearances, which say of a carried clearance what people signed (deploy/decisions/045-merging-sites.md).
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_gate_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; cleared boolean; granted timestamptz; taken_down boolean; moved record; kind_there text;
BEGIN
  IF NEW.depth <= 1 THEN RETURN NEW; END IF;
  EXECUTE format('SELECT app_label || ''.'' || model FROM %I.django_content_type WHERE id = $1', TG_TABLE_SCHEMA)
    INTO kind USING NEW.content_type_id;
  IF TG_OP = 'UPDATE' AND OLD.content_type_id <> NEW.content_type_id THEN
    RAISE EXCEPTION 'gate: page % may not change its kind', NEW.id USING ERRCODE = 'GP002';
  END IF;
  IF kind = ANY (TG_ARGV) THEN RETURN NEW; END IF;
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

CREATE OR REPLACE FUNCTION public.gov_keep_page() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE cleared boolean; moved record;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance WHERE page_id = $1)', TG_TABLE_SCHEMA)
    INTO cleared USING OLD.id;
  IF cleared THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: page % was cleared and is not deleted', OLD.id USING ERRCODE = 'GP002';
  END IF;
  RETURN OLD;
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
    IF decided THEN
      RAISE EXCEPTION 'gate: revision % was decided on and stays as it is', OLD.id USING ERRCODE = 'GP002';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted text; belongs boolean; emergency boolean; named bigint; moved record;
BEGIN
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state = 'moving' THEN
    IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
        '{"page_id": "wagtailcore_page", "revision_id": "wagtailcore_revision"}', ARRAY[]::text[]) THEN
      RAISE EXCEPTION 'gate: decision % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP003';
    END IF;
    RETURN NEW;
  END IF;
  wanted := CASE WHEN NEW.step IN ('content', 'content2', 'content3') THEN 'content-reviewer'
                 WHEN NEW.step = 'confidentiality' THEN 'confidentiality-reviewer' END;
  IF wanted IS NULL OR NOT public.gov_holds_role(TG_TABLE_SCHEMA, NEW.reviewer_id, ARRAY[wanted]) THEN
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
  EXECUTE format('SELECT s.emergency, CASE WHEN $2 = ''confidentiality'' THEN s.confidentiality_reviewer_id'
    ' WHEN $2 = ''content'' THEN s.content_reviewer_id END FROM %I.review_submission s'
    ' WHERE s.page_id = $1 ORDER BY s.id DESC LIMIT 1', TG_TABLE_SCHEMA)
    INTO emergency, named USING NEW.page_id, NEW.step;
  IF emergency AND named IS DISTINCT FROM NEW.reviewer_id THEN
    RAISE EXCEPTION 'gate: an emergency review of page % is taken by the two named people alone', NEW.page_id
      USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good integer; handed_in record; steps text[]; covered integer; people integer; twice boolean; moved record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: a clearance is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (to_jsonb(NEW) - 'status') <> (to_jsonb(OLD) - 'status')
       OR (OLD.status <> NEW.status AND OLD.status <> 'valid') THEN
      RAISE EXCEPTION 'gate: a clearance may only end' USING ERRCODE = 'GP001';
    END IF;
    RETURN NEW;
  END IF;
  -- The digest of one that counts is of the numbers here; review_transferredclearance says which one was signed.
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state = 'moving' THEN
    IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
        '{"page_id": "wagtailcore_page", "revision_id": "wagtailcore_revision", "scan_id": "confidentiality_scan",
          "content_decision_id": "review_decision", "confidentiality_decision_id": "review_decision"}',
        CASE WHEN NEW.status = 'valid' THEN ARRAY['digest'] ELSE ARRAY[]::text[] END) THEN
      RAISE EXCEPTION 'gate: clearance % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP002';
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
  -- The approvals stand in the site's audit chain, or somebody wrote them past the platform.
  EXECUTE format('SELECT count(DISTINCT d.id) FROM %I.review_decision d JOIN public.audit_entry e'
    ' ON e.chain = $1 AND e.object_type = ''wagtailcore.page'' AND e.object_id = d.page_id::text'
    ' AND e.act = ''review.approved'' AND e.actor_id = d.reviewer_id'
    ' AND e.detail ->> ''revision'' = d.revision_id::text'
    ' AND e.detail ->> ''digest'' = d.digest AND e.detail ->> ''step'' = d.step'
    ' WHERE d.id IN ($2, $3)', TG_TABLE_SCHEMA)
    INTO good USING TG_TABLE_SCHEMA, NEW.content_decision_id, NEW.confidentiality_decision_id;
  IF good <> 2 THEN
    RAISE EXCEPTION 'gate: an approval of page % is not in the audit chain', NEW.page_id USING ERRCODE = 'GP002';
  END IF;
  -- How many content reviews were asked for stands in the chain, which nobody rewrites; each of them was
  -- given after the page was handed in, and by somebody else.
  SELECT e.number, coalesce((e.detail ->> 'levels')::integer, 1) AS levels INTO handed_in FROM public.audit_entry e
    WHERE e.chain = TG_TABLE_SCHEMA AND e.object_type = 'wagtailcore.page' AND e.object_id = NEW.page_id::text
      AND e.act = 'review.submit' AND e.detail ->> 'revision' = NEW.revision_id::text
    ORDER BY e.number DESC LIMIT 1;
  IF NEW.levels NOT BETWEEN 1 AND 3 OR NEW.levels <> coalesce(handed_in.levels, 1) THEN
    RAISE EXCEPTION 'gate: page % was handed in for another number of reviews', NEW.page_id USING ERRCODE = 'GP002';
  END IF;
  steps := (ARRAY['content', 'content2', 'content3'])[1:NEW.levels] || 'confidentiality'::text;
  EXECUTE format('WITH given AS (SELECT DISTINCT d.step, d.reviewer_id FROM %I.review_decision d'
    ' JOIN public.audit_entry e ON e.chain = $1 AND e.object_type = ''wagtailcore.page'''
    ' AND e.object_id = d.page_id::text AND e.act = ''review.approved'' AND e.actor_id = d.reviewer_id'
    ' AND e.detail ->> ''revision'' = d.revision_id::text AND e.detail ->> ''digest'' = d.digest'
    ' AND e.detail ->> ''step'' = d.step AND e.number > $2'
    ' WHERE d.page_id = $3 AND d.revision_id = $4 AND d.digest = $5 AND d.verdict = ''approved'''
    ' AND d.step = ANY ($6))'
    ' SELECT count(DISTINCT step), count(DISTINCT reviewer_id),'
    ' EXISTS (SELECT 1 FROM given GROUP BY reviewer_id HAVING count(*) > 1) FROM given', TG_TABLE_SCHEMA)
    INTO covered, people, twice USING TG_TABLE_SCHEMA, coalesce(handed_in.number, 0), NEW.page_id, NEW.revision_id,
      NEW.digest, steps;
  IF covered <> NEW.levels + 1 OR people < NEW.levels + 1 OR twice THEN
    RAISE EXCEPTION 'gate: page % lacks a review by a person of its own', NEW.page_id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_submission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decided boolean; moved record;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'gate: what was handed in does not change' USING ERRCODE = 'GP001';
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_decision WHERE page_id = $1)', TG_TABLE_SCHEMA)
    INTO decided USING OLD.page_id;
  IF decided THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: a submission that was decided on is kept' USING ERRCODE = 'GP001';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE taken_down record; moved record;
BEGIN
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state = 'moving' THEN
    IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
        '{"withdrawal_id": "review_withdrawal"}', ARRAY[]::text[]) THEN
      RAISE EXCEPTION 'gate: confirmation % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP003';
    END IF;
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT page_id, withdrawn_by_id, break_glass FROM %I.review_withdrawal WHERE id = $1',
    TG_TABLE_SCHEMA) INTO taken_down USING NEW.withdrawal_id;
  IF taken_down.break_glass IS NOT TRUE THEN
    RAISE EXCEPTION 'gate: only a break-glass withdrawal is confirmed' USING ERRCODE = 'GP003';
  END IF;
  IF NEW.reviewer_id IS NOT DISTINCT FROM taken_down.withdrawn_by_id THEN
    RAISE EXCEPTION 'gate: nobody confirms a withdrawal of his own' USING ERRCODE = 'GP003';
  END IF;
  IF NOT (public.gov_is_supervisor(NEW.reviewer_id) OR public.gov_holds_role(TG_TABLE_SCHEMA, NEW.reviewer_id,
      ARRAY['content-reviewer', 'confidentiality-reviewer'])) THEN
    RAISE EXCEPTION 'gate: a reviewer of the site or a supervisor confirms' USING ERRCODE = 'GP003';
  END IF;
  IF public.gov_in_lineage(TG_TABLE_SCHEMA, taken_down.page_id, 9223372036854775807, NEW.reviewer_id) THEN
    RAISE EXCEPTION 'gate: who confirms had a hand in page %', taken_down.page_id USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_after_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE involved boolean; moved record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: a review after the fact is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF TG_OP = 'INSERT' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
    IF moved.state = 'moving' THEN
      IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
          '{"page_id": "wagtailcore_page", "clearance_id": "review_clearance", "submission_id": "review_submission"}',
          ARRAY[]::text[]) THEN
        RAISE EXCEPTION 'gate: review after the fact % is not carried as it is in the source', NEW.id
          USING ERRCODE = 'GP002';
      END IF;
      RETURN NEW;
    END IF;
    IF NEW.verdict <> '' OR NEW.reviewer_id IS NOT NULL THEN
      RAISE EXCEPTION 'gate: a review after the fact begins open' USING ERRCODE = 'GP002';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.verdict <> '' OR NEW.verdict NOT IN ('confirmed', 'withdrawn')
     OR (NEW.id, NEW.page_id, NEW.clearance_id, NEW.submission_id, NEW.due_at)
        IS DISTINCT FROM (OLD.id, OLD.page_id, OLD.clearance_id, OLD.submission_id, OLD.due_at) THEN
    RAISE EXCEPTION 'gate: a review after the fact is closed once' USING ERRCODE = 'GP001';
  END IF;
  IF NOT public.gov_holds_role(TG_TABLE_SCHEMA, NEW.reviewer_id,
      ARRAY['content-reviewer', 'confidentiality-reviewer'])
     OR public.gov_in_lineage(TG_TABLE_SCHEMA, NEW.page_id, 9223372036854775807, NEW.reviewer_id) THEN
    RAISE EXCEPTION 'gate: a review after the fact is for an independent reviewer' USING ERRCODE = 'GP003';
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.review_decision d JOIN %1$I.review_clearance c'
    ' ON d.page_id = c.page_id AND d.revision_id = c.revision_id WHERE c.id = $1 AND d.reviewer_id = $2)',
    TG_TABLE_SCHEMA) INTO involved USING NEW.clearance_id, NEW.reviewer_id;
  IF involved THEN
    RAISE EXCEPTION 'gate: who reviewed first does not review after the fact' USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_rescan_finding() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good boolean; moved record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: what a rescan found is kept' USING ERRCODE = 'GP004';
  END IF;
  IF TG_OP = 'INSERT' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
    IF moved.state = 'moving' THEN
      IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
          '{"page_id": "wagtailcore_page", "finding_id": "confidentiality_finding", "run_id": "review_rescanrun"}',
          ARRAY[]::text[]) THEN
        RAISE EXCEPTION 'gate: item % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP004';
      END IF;
      RETURN NEW;
    END IF;
    IF NEW.outcome <> '' THEN
      RAISE EXCEPTION 'gate: what a rescan found begins as open' USING ERRCODE = 'GP004';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.outcome <> '' OR (NEW.page_id, NEW.finding_id, NEW.run_id, NEW.key, NEW.opened_at, NEW.due_at)
     IS DISTINCT FROM (OLD.page_id, OLD.finding_id, OLD.run_id, OLD.key, OLD.opened_at, OLD.due_at) THEN
    RAISE EXCEPTION 'gate: what a rescan found stays as it is, closed once' USING ERRCODE = 'GP004';
  END IF;
  IF NEW.outcome IN ('false_alarm', 'ignored') THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.confidentiality_disposition d'
      ' JOIN %1$I.confidentiality_finding f ON f.id = d.finding_id'
      ' WHERE d.page_id = $1 AND f.key = $2 AND d.verdict = $3)', TG_TABLE_SCHEMA)
      INTO good USING NEW.page_id, NEW.key, NEW.outcome;
    IF NOT good THEN
      RAISE EXCEPTION 'gate: finding % was judged by nobody', NEW.finding_id USING ERRCODE = 'GP004';
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_frame_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: what was proposed for the frame is kept' USING ERRCODE = 'GP004';
  END IF;
  IF TG_OP = 'INSERT' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
    IF moved.state = 'moving' THEN
      IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
          '{}', ARRAY['object_id', 'before_digest', 'digest']) THEN
        RAISE EXCEPTION 'gate: proposal % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP004';
      END IF;
      RETURN NEW;
    END IF;
    IF NEW.state <> 'waiting' THEN
      RAISE EXCEPTION 'gate: a proposal for the frame begins as waiting' USING ERRCODE = 'GP004';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'waiting' OR (NEW.kind, NEW.object_id, NEW.before, NEW.after, NEW.before_digest, NEW.digest,
      NEW.findings, NEW.reason, NEW.proposed_by_id, NEW.proposed_at) IS DISTINCT FROM (OLD.kind, OLD.object_id,
      OLD.before, OLD.after, OLD.before_digest, OLD.digest, OLD.findings, OLD.reason, OLD.proposed_by_id,
      OLD.proposed_at) THEN
    RAISE EXCEPTION 'gate: a proposal for the frame stays as it is, decided once' USING ERRCODE = 'GP004';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_cleared_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE scanned boolean; moved record; lies_in text;
BEGIN
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state = 'moving' THEN
    lies_in := CASE NEW.kind WHEN 'image' THEN 'media_siteimage' ELSE 'media_sitedocument' END;
    IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
        jsonb_build_object('clearance_id', 'review_clearance', 'object_id', lies_in), ARRAY['name']) THEN
      RAISE EXCEPTION 'gate: file % is not carried as it is in the source', NEW.id USING ERRCODE = 'GP002';
    END IF;
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance c,'
    ' jsonb_array_elements(c.record #> ''{scan,files}'') f'
    ' WHERE c.id = $1 AND f ->> ''kind'' = $2 AND (f ->> ''id'')::bigint = $3 AND f ->> ''sm3'' = $4)', TG_TABLE_SCHEMA)
    INTO scanned USING NEW.clearance_id, NEW.kind, NEW.object_id, NEW.sm3;
  IF NOT scanned THEN
    RAISE EXCEPTION 'gate: % % was not cleared with it', NEW.kind, NEW.object_id USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;

-- What it names must stand in the source; how far the numbers of files moved is noted by the gate itself.
CREATE OR REPLACE FUNCTION public.gov_gate_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moved record; there record; signed bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.id);
    IF moved.state = 'reverting' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'gate: a transferred clearance is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'gate: a transferred clearance is never changed' USING ERRCODE = 'GP001';
  END IF;
  moved := public.gov_merge_of(TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
  IF moved.state IS DISTINCT FROM 'moving' THEN
    RAISE EXCEPTION 'gate: only a merge makes a transferred clearance' USING ERRCODE = 'GP002';
  END IF;
  IF NEW.merge_id <> moved.merge_id THEN
    -- That of an earlier merge comes along with its clearance.
    IF NOT public.gov_is_as_in_source(moved.source, moved.ranges, TG_TABLE_NAME, to_jsonb(NEW),
        '{"clearance_id": "review_clearance"}', ARRAY[]::text[]) THEN
      RAISE EXCEPTION 'gate: transferred clearance % is not carried as it is in the source', NEW.id
        USING ERRCODE = 'GP002';
    END IF;
    RETURN NEW;
  END IF;
  signed := NEW.clearance_id - (moved.ranges #>> '{review_clearance,2}')::bigint;
  EXECUTE format('SELECT c.page_id, c.digest, u.id AS parent_id FROM %1$I.review_clearance c'
    ' JOIN %1$I.wagtailcore_page p ON p.id = c.page_id'
    ' LEFT JOIN %1$I.wagtailcore_page u ON u.path = left(p.path, -4) WHERE c.id = $1', moved.source)
    INTO there USING signed;
  IF there.page_id IS NULL OR NEW.clearance_id NOT BETWEEN
       (moved.ranges #>> '{review_clearance,0}')::bigint AND (moved.ranges #>> '{review_clearance,1}')::bigint
     OR (NEW.source_schema, NEW.source_clearance_id, NEW.source_page_id, NEW.source_parent_id, NEW.source_digest)
        IS DISTINCT FROM (moved.source, signed, there.page_id, there.parent_id, there.digest::text) THEN
    RAISE EXCEPTION 'gate: the source has no such clearance as is transferred to %', NEW.clearance_id
      USING ERRCODE = 'GP002';
  END IF;
  NEW.file_shifts := jsonb_strip_nulls(jsonb_build_object(
    'image', (moved.ranges #>> '{media_siteimage,2}')::bigint,
    'document', (moved.ranges #>> '{media_sitedocument,2}')::bigint));
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_gate BEFORE INSERT OR UPDATE OR DELETE ON review_transferredclearance
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_transfer();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_transferredclearance
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""

#: Tables whose rows were never deleted, for all who write alike.
KEPT = ("review_decision", "review_withdrawal", "review_clearedfile", "review_withdrawalconfirmation",
        "review_frameclearance")  # fmt: skip


def _kept_in_site(table: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_site_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("review", "0012_keep_the_root"), ("lifecycle", "0006_carried_rows")]

    operations = [
        migrations.CreateModel(
            name="TransferredClearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("merge_id", models.BigIntegerField(verbose_name="站点并入")),
                ("source_schema", models.CharField(max_length=63, verbose_name="原站点")),
                ("source_clearance_id", models.BigIntegerField(verbose_name="原审查通过")),
                ("source_page_id", models.BigIntegerField(verbose_name="原页面编号")),
                ("source_parent_id", models.BigIntegerField(null=True, verbose_name="原栏目编号")),
                ("source_digest", models.CharField(max_length=80, verbose_name="原内容摘要")),
                ("trail", models.JSONField(default=list, verbose_name="编号对照")),
                ("file_shifts", models.JSONField(db_default={}, default=dict, verbose_name="文件编号位移")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                (
                    "clearance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="review.clearance",
                        verbose_name="审查通过",
                    ),
                ),
            ],
            options={
                "verbose_name": "随站迁入的审查通过",
                "verbose_name_plural": "随站迁入的审查通过",
                "ordering": ["made_at", "merge_id"],
            },
        ),
        migrations.AddConstraint(
            model_name="transferredclearance",
            constraint=models.UniqueConstraint(fields=("clearance", "merge_id"), name="transferred_once_a_merge"),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL("\n".join(_kept_in_site(table) for table in KEPT), migrations.RunSQL.noop),
    ]
