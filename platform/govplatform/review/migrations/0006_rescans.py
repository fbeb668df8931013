"""The record of rescans and the work list of what they find in public pages."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = """
-- An item of the work list is closed once, and a judgement closes it only where a judgement was given.
CREATE OR REPLACE FUNCTION public.gov_keep_rescan_finding() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'gate: what a rescan found is kept' USING ERRCODE = 'GP004';
  END IF;
  IF TG_OP = 'INSERT' THEN
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
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE INSERT OR UPDATE OR DELETE ON review_rescanfinding
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_rescan_finding();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_rescanfinding
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("confidentiality", "0003_kept_scans"),
        ("review", "0005_levels"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RescanRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "扫描中"),
                            ("done", "已完成"),
                            ("stopped", "已停止"),
                            ("broken", "中断"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("since", models.DateField(null=True, verbose_name="起始发布日期")),
                ("scanner_version", models.CharField(max_length=20, verbose_name="扫描器版本")),
                ("rule_pack", models.CharField(max_length=60, verbose_name="规则包")),
                ("dictionary_version", models.CharField(blank=True, max_length=64, verbose_name="词库版本")),
                ("requested_at", models.DateTimeField(verbose_name="发起时间")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("stop_asked", models.BooleanField(default=False, verbose_name="要求停止")),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="页面")),
                ("scanned", models.PositiveIntegerField(default=0, verbose_name="已扫描")),
                ("skipped", models.PositiveIntegerField(default=0, verbose_name="已跳过")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="未能扫描")),
                ("findings", models.PositiveIntegerField(default=0, verbose_name="发现")),
                ("new", models.PositiveIntegerField(default=0, verbose_name="新发现")),
                ("failures", models.JSONField(default=list, verbose_name="未能扫描的页面")),
                (
                    "requested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
            ],
            options={
                "verbose_name": "回溯扫描",
                "verbose_name_plural": "回溯扫描",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RescanFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, verbose_name="同一发现")),
                ("opened_at", models.DateTimeField(verbose_name="发现时间")),
                ("due_at", models.DateTimeField(verbose_name="处理期限")),
                ("note", models.TextField(blank=True, verbose_name="改正要求")),
                ("asked_by_name", models.CharField(blank=True, max_length=150, verbose_name="提出人")),
                ("asked_at", models.DateTimeField(null=True, verbose_name="提出时间")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("false_alarm", "误报"),
                            ("ignored", "说明理由后保留"),
                            ("fixed", "已改正"),
                            ("withdrawn", "页面已撤回"),
                            ("expired", "页面已到期下线"),
                            ("lapsed", "按现行规则不再是发现"),
                        ],
                        max_length=12,
                        verbose_name="结果",
                    ),
                ),
                ("closed_by_name", models.CharField(blank=True, max_length=150, verbose_name="办结人")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="confidentiality.finding",
                        verbose_name="发现",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.page",
                        verbose_name="页面",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="review.rescanrun",
                        verbose_name="回溯扫描",
                    ),
                ),
            ],
            options={
                "verbose_name": "回溯发现",
                "verbose_name_plural": "回溯发现",
                "ordering": ["due_at", "pk"],
                "indexes": [models.Index(fields=["outcome", "due_at"], name="rescan_finding_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")), fields=("page", "key"), name="rescan_finding_open_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
