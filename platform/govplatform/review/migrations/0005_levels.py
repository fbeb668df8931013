"""Up to three content reviews, the emergency path, claims, and withdrawing at once, with their guards.

* a step is taken by the holder of its role, on the emergency path by the person named alone;
* a clearance has every step that was asked for, each by a person of its own, all in the audit chain;
* who withdraws at once is a supervisor, who confirms it somebody else, and both stay on record.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.gov_holds_role(site text, person bigint, wanted text[])
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM public.accounts_membership m
    JOIN public.tenancy_tenant t ON t.id = m.tenant_id
    JOIN public.accounts_user u ON u.id = m.user_id
    WHERE t.schema_name = site AND m.user_id = person AND m.role = ANY (wanted) AND u.is_active)
$$;

CREATE OR REPLACE FUNCTION public.gov_is_supervisor(person bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM public.accounts_membership m
    JOIN public.tenancy_tenant t ON t.id = m.tenant_id
    JOIN public.accounts_user u ON u.id = m.user_id
    WHERE t.kind = 'console' AND m.user_id = person AND m.role = 'supervisor' AND u.is_active)
$$;

CREATE OR REPLACE FUNCTION public.gov_gate_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted text; belongs boolean; emergency boolean; named bigint;
BEGIN
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
DECLARE good integer; handed_in record; steps text[]; covered integer; people integer; twice boolean;
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
DECLARE decided boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'gate: what was handed in does not change' USING ERRCODE = 'GP001';
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_decision WHERE page_id = $1)', TG_TABLE_SCHEMA)
    INTO decided USING OLD.page_id;
  IF decided THEN
    RAISE EXCEPTION 'gate: a submission that was decided on is kept' USING ERRCODE = 'GP001';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.break_glass THEN
    IF NOT public.gov_is_supervisor(NEW.withdrawn_by_id) OR NEW.confirm_by IS NULL THEN
      RAISE EXCEPTION 'gate: a supervisor alone withdraws at once, to be confirmed by a time' USING ERRCODE = 'GP003';
    END IF;
  ELSIF NOT public.gov_holds_role(TG_TABLE_SCHEMA, NEW.withdrawn_by_id,
      ARRAY['content-reviewer', 'confidentiality-reviewer']) THEN
    RAISE EXCEPTION 'gate: a reviewer of the site withdraws' USING ERRCODE = 'GP003';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_gate_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE taken_down record;
BEGIN
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
DECLARE involved boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'gate: a review after the fact is never deleted' USING ERRCODE = 'GP001';
  END IF;
  IF TG_OP = 'INSERT' THEN
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
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE UPDATE OR DELETE ON review_submission
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_submission();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_submission
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_gate BEFORE INSERT ON review_withdrawal
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_withdrawal();
CREATE TRIGGER gov_gate BEFORE INSERT ON review_withdrawalconfirmation
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_confirmation();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON review_withdrawalconfirmation
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_withdrawalconfirmation
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_gate BEFORE INSERT OR UPDATE OR DELETE ON review_afterreview
  FOR EACH ROW EXECUTE FUNCTION public.gov_gate_after_review();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_afterreview
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""

#: Existing sites get the further steps and workflows; a new template has no tasks yet and is filled by
#: ``signal_receivers.prepare_workflow``, which writes the same.
WORKFLOWS = """
DO $$
DECLARE first integer; secret integer; kind integer; tasks integer[]; made integer; flow integer; n integer;
BEGIN
  SELECT c.task_ptr_id INTO first FROM review_contentreviewtask c WHERE c.level = 1 ORDER BY 1 LIMIT 1;
  SELECT c.task_ptr_id INTO secret FROM review_confidentialityreviewtask c ORDER BY 1 LIMIT 1;
  IF first IS NULL OR secret IS NULL THEN RETURN; END IF;
  SELECT content_type_id INTO kind FROM wagtailcore_task WHERE id = first;
  tasks := ARRAY[first];
  FOR n IN 2..3 LOOP
    INSERT INTO wagtailcore_task (name, active, content_type_id)
      VALUES ((ARRAY['内容审核', '内容复审', '内容终审'])[n], true, kind) RETURNING id INTO made;
    INSERT INTO review_contentreviewtask (task_ptr_id, level) VALUES (made, n);
    tasks := tasks || made;
    INSERT INTO wagtailcore_workflow (name, active)
      VALUES ((ARRAY['', '内容两级审核—保密审查', '内容三级审核—保密审查'])[n], true) RETURNING id INTO flow;
    INSERT INTO wagtailcore_workflowtask (sort_order, task_id, workflow_id)
      SELECT o - 1, t, flow FROM unnest(tasks || secret) WITH ORDINALITY AS x (t, o);
  END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0004_scan_record"),
        ("audit", "0002_append_only"),
        ("accounts", "0003_absence"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contentreviewtask",
            name="level",
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="级次"),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="break_glass",
            field=models.BooleanField(db_default=False, default=False, verbose_name="紧急撤回"),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="confirm_by",
            field=models.DateTimeField(null=True, verbose_name="确认期限"),
        ),
        migrations.AlterField(
            model_name="decision",
            name="step",
            field=models.CharField(
                choices=[
                    ("content", "内容审核"),
                    ("content2", "内容复审"),
                    ("content3", "内容终审"),
                    ("confidentiality", "保密审查"),
                ],
                max_length=20,
                verbose_name="环节",
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="转交说明")),
                ("claimed_at", models.DateTimeField(verbose_name="认领时间")),
                ("expires_at", models.DateTimeField(verbose_name="失效时间")),
                (
                    "handed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="转交人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="认领人",
                    ),
                ),
                (
                    "task_state",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.taskstate",
                        verbose_name="环节",
                    ),
                ),
            ],
            options={
                "verbose_name": "认领",
                "verbose_name_plural": "认领",
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("levels", models.PositiveSmallIntegerField(verbose_name="内容审核级数")),
                ("emergency", models.BooleanField(default=False, verbose_name="紧急")),
                ("reason", models.TextField(blank=True, verbose_name="紧急理由")),
                ("rule_pack", models.CharField(max_length=60, verbose_name="规则包")),
                ("submitted_at", models.DateTimeField(verbose_name="送审时间")),
                (
                    "confidentiality_reviewer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="指定的保密审查人",
                    ),
                ),
                (
                    "content_reviewer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="指定的内容审核人",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="wagtailcore.page",
                        verbose_name="页面",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="版本",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="送审人",
                    ),
                ),
            ],
            options={
                "verbose_name": "送审记录",
                "verbose_name_plural": "送审记录",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AfterReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(verbose_name="复核期限")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("confirmed", "复核通过"), ("withdrawn", "复核不通过，撤回")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                ("reviewer_name", models.CharField(blank=True, max_length=150, verbose_name="复核人姓名")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="复核时间")),
                (
                    "clearance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_review",
                        to="review.clearance",
                        verbose_name="审查通过",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_reviews",
                        to="wagtailcore.page",
                        verbose_name="页面",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.submission",
                        verbose_name="送审记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "事后复核",
                "verbose_name_plural": "事后复核",
                "ordering": ["due_at"],
            },
        ),
        migrations.CreateModel(
            name="WithdrawalConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("confirmed", "确认撤回"), ("contested", "提出异议")],
                        max_length=10,
                        verbose_name="结论",
                    ),
                ),
                ("opinion", models.TextField(verbose_name="意见")),
                ("reviewer_name", models.CharField(max_length=150, verbose_name="确认人姓名")),
                ("decided_at", models.DateTimeField(verbose_name="确认时间")),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "withdrawal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmation",
                        to="review.withdrawal",
                        verbose_name="撤回记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "撤回确认",
                "verbose_name_plural": "撤回确认",
            },
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(fields=["page", "-id"], name="submission_page_newest"),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(WORKFLOWS, migrations.RunSQL.noop),
    ]
