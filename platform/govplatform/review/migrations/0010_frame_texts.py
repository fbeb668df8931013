"""Words of a site's frame: what was cleared of them, and what waits for a second person to confirm it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FUNCTIONS = """
-- A proposal keeps what was proposed, and is decided once.
CREATE OR REPLACE FUNCTION public.gov_keep_frame_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'gate: what was proposed for the frame is kept' USING ERRCODE = 'GP004';
  END IF;
  IF TG_OP = 'INSERT' THEN
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
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE INSERT OR UPDATE OR DELETE ON review_frameproposal
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_frame_proposal();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_frameproposal
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_append_only BEFORE UPDATE OR DELETE ON review_frameclearance
  FOR EACH ROW EXECUTE FUNCTION public.gov_refuse_change();
CREATE TRIGGER gov_no_truncate BEFORE TRUNCATE ON review_frameclearance
  FOR EACH STATEMENT EXECUTE FUNCTION public.gov_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0009_longer_digests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FrameProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="对象类别")),
                ("object_id", models.BigIntegerField(verbose_name="对象编号")),
                ("object_title", models.CharField(max_length=255, verbose_name="对象")),
                ("is_new", models.BooleanField(default=False, verbose_name="新建")),
                ("before", models.JSONField(default=dict, verbose_name="原文")),
                ("after", models.JSONField(default=dict, verbose_name="新文")),
                ("before_digest", models.CharField(max_length=80, verbose_name="原摘要")),
                ("digest", models.CharField(max_length=80, verbose_name="新摘要")),
                ("findings", models.JSONField(default=list, verbose_name="扫描发现")),
                ("scanner_version", models.CharField(max_length=20, verbose_name="扫描器版本")),
                ("rule_pack", models.CharField(max_length=60, verbose_name="规则包")),
                ("dictionary_version", models.CharField(blank=True, max_length=64, verbose_name="词库版本")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待确认"),
                            ("confirmed", "已确认"),
                            ("refused", "已退回"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_by_name", models.CharField(max_length=150, verbose_name="提出人姓名")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_by_name", models.CharField(blank=True, max_length=150, verbose_name="办理人姓名")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="办理时间")),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="意见")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
            ],
            options={
                "verbose_name": "框架文字改动",
                "verbose_name_plural": "框架文字改动",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="FrameClearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="对象类别")),
                ("object_id", models.BigIntegerField(verbose_name="对象编号")),
                ("texts", models.JSONField(default=dict, verbose_name="文字")),
                ("digest", models.CharField(max_length=80, verbose_name="摘要")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("confirmed", "经第二人确认"),
                            ("shell", "由运维命令设定"),
                            ("set-up", "建立时登记"),
                            ("merged", "取自已确认的文字"),
                        ],
                        max_length=10,
                        verbose_name="来历",
                    ),
                ),
                ("verb", models.CharField(blank=True, max_length=40, verbose_name="命令")),
                ("findings", models.JSONField(default=list, verbose_name="扫描发现")),
                ("scanner_version", models.CharField(blank=True, max_length=20, verbose_name="扫描器版本")),
                ("rule_pack", models.CharField(blank=True, max_length=60, verbose_name="规则包")),
                ("dictionary_version", models.CharField(blank=True, max_length=64, verbose_name="词库版本")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("cleared_by_name", models.CharField(max_length=150, verbose_name="登记人")),
                ("cleared_at", models.DateTimeField(verbose_name="时间")),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="review.frameproposal",
                        verbose_name="改动",
                    ),
                ),
            ],
            options={
                "verbose_name": "框架文字的审定",
                "verbose_name_plural": "框架文字的审定",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="frameproposal",
            index=models.Index(fields=["kind", "object_id"], name="frame_proposal_object"),
        ),
        migrations.AddIndex(
            model_name="frameproposal",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["proposed_at"], name="frame_proposal_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="frameproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")), fields=("kind", "object_id"), name="frame_one_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="frameproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="frame_confirmed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="frameclearance",
            index=models.Index(fields=["kind", "object_id", "-id"], name="frame_clearance_object"),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
