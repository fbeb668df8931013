"""Scans as evidence: what a finished scan found stays as it is, and nothing is cleared without one."""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
-- A scan begins in the queue, and ends once; only the link to a purged revision may go afterwards.
CREATE OR REPLACE FUNCTION public.gov_keep_scan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'queued' THEN
      RAISE EXCEPTION 'gate: a scan begins in the queue' USING ERRCODE = 'GP004';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(NEW) -> 'page_id', to_jsonb(NEW) -> 'digest') IS DISTINCT FROM
     (to_jsonb(OLD) -> 'page_id', to_jsonb(OLD) -> 'digest') THEN
    RAISE EXCEPTION 'gate: scan % is of another page or digest', OLD.id USING ERRCODE = 'GP004';
  END IF;
  IF OLD.state = 'done' AND (to_jsonb(NEW) - 'revision_id') <> (to_jsonb(OLD) - 'revision_id') THEN
    RAISE EXCEPTION 'gate: scan % is finished and stays as it is', OLD.id USING ERRCODE = 'GP004';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.gov_keep_finding() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kept boolean;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'gate: finding % is never changed', OLD.id USING ERRCODE = 'GP004';
  END IF;
  IF TG_OP = 'INSERT' THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.confidentiality_scan WHERE id = $1 AND state = ''done'')',
      TG_TABLE_SCHEMA) INTO kept USING NEW.scan_id;
    IF kept THEN
      RAISE EXCEPTION 'gate: scan % is finished, nothing is added to it', NEW.scan_id USING ERRCODE = 'GP004';
    END IF;
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.review_clearance WHERE scan_id = $1)', TG_TABLE_SCHEMA)
    INTO kept USING OLD.scan_id;
  IF kept THEN
    RAISE EXCEPTION 'gate: finding % belongs to a clearance', OLD.id USING ERRCODE = 'GP004';
  END IF;
  RETURN OLD;
END $$;

-- Fires after gov_gate, by its name: first whether two people approved, then what they had before them.
CREATE OR REPLACE FUNCTION public.gov_scanned_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE good boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.confidentiality_scan s WHERE s.id = $1 AND s.page_id = $2'
    ' AND s.digest = $3 AND s.state = ''done'' AND EXISTS (SELECT 1 FROM public.audit_entry e'
    ' WHERE e.object_type = ''confidentiality.scan'' AND e.object_id = s.id::text AND e.chain = $4'
    ' AND e.act = ''scan.done'' AND e.detail ->> ''digest'' = s.digest))', TG_TABLE_SCHEMA)
    INTO good USING NEW.scan_id, NEW.page_id, NEW.digest, TG_TABLE_SCHEMA;
  IF good IS NOT TRUE THEN
    RAISE EXCEPTION 'gate: page % has no finished confidentiality scan of the digest that is cleared', NEW.page_id
      USING ERRCODE = 'GP002';
  END IF;
  RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER gov_keep BEFORE INSERT OR UPDATE ON confidentiality_scan
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_scan();
CREATE TRIGGER gov_keep BEFORE INSERT OR UPDATE OR DELETE ON confidentiality_finding
  FOR EACH ROW EXECUTE FUNCTION public.gov_keep_finding();
CREATE TRIGGER gov_scanned BEFORE INSERT ON review_clearance
  FOR EACH ROW EXECUTE FUNCTION public.gov_scanned_clearance();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("confidentiality", "0002_append_only"),
        ("review", "0004_scan_record"),
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScannedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attachment_kind", models.CharField(max_length=10, verbose_name="附件类别")),
                ("attachment_id", models.BigIntegerField(verbose_name="附件编号")),
                ("attachment_name", models.CharField(max_length=255, verbose_name="附件名称")),
                ("sm3", models.CharField(db_index=True, max_length=64, verbose_name="SM3")),
                ("readable", models.BooleanField(default=True, verbose_name="可读取")),
                ("persons", models.JSONField(default=list, verbose_name="涉及人员")),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="confidentiality.scan"
                    ),
                ),
            ],
            options={
                "verbose_name": "已扫描的文件",
                "verbose_name_plural": "已扫描的文件",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scan", "attachment_kind", "attachment_id"), name="scanned_file_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
