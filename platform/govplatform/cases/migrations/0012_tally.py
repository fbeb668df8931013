"""Numbers of cases, kept by triggers: whatever changes a case changes them with the same commit."""

import datetime
import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
-- What one case counts, times ``sign``, into the numbers of its key; with what its sender thought of the answer.
CREATE FUNCTION public.gov_tally_add(c public.cases_case, sign integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.cases_casetally (desk_id, organisation_id, kind, month, received, answered, published, shown, took,
    satisfied, fairly, dissatisfied, late, abuse)
  SELECT c.desk_id, c.organisation_id, c.kind,
    date_trunc('month', c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, sign,
    sign * (c.state = 'replied')::int,
    sign * (c.state = 'replied' AND c.published_path <> '')::int,
    sign * (c.state = 'replied' AND c.published_path NOT IN ('', '/interaction/errors/'))::int,
    CASE WHEN c.state = 'replied' THEN sign * coalesce(c.ended_at - c.submitted_at, interval '0') ELSE interval '0' END,
    sign * coalesce((j.grade = 'satisfied')::int, 0),
    sign * coalesce((j.grade = 'fairly')::int, 0),
    sign * coalesce((j.grade = 'dissatisfied')::int, 0),
    sign * (c.state IN ('replied', 'closed') AND coalesce(c.ended_at > c.due_at, false))::int,
    sign * c.is_abuse::int
  FROM (SELECT 1) AS one LEFT JOIN public.cases_judgement j ON j.case_id = c.id
$$;

CREATE FUNCTION public.gov_tally_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM public.gov_tally_add(OLD, -1); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM public.gov_tally_add(NEW, 1); END IF;
  RETURN NULL;
END $$;

-- Behind the row, so the case is taken out as it counted and put in as it counts now.
CREATE FUNCTION public.gov_tally_judgement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row record; sign integer := 1;
BEGIN
  IF TG_OP = 'DELETE' THEN row := OLD; sign := -1; ELSE row := NEW; END IF;
  INSERT INTO public.cases_casetally (desk_id, organisation_id, kind, month, satisfied, fairly, dissatisfied)
  SELECT c.desk_id, c.organisation_id, c.kind,
    date_trunc('month', c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date,
    sign * (row.grade = 'satisfied')::int, sign * (row.grade = 'fairly')::int, sign * (row.grade = 'dissatisfied')::int
  FROM public.cases_case c WHERE c.id = row.case_id;
  RETURN NULL;
END $$;

CREATE FUNCTION public.gov_tally_anew() RETURNS void LANGUAGE sql AS $$
  -- In the order in which acts take them; the last also against whoever puts rows together.
  LOCK TABLE public.cases_judgement, public.cases_case IN SHARE MODE;
  LOCK TABLE public.cases_casetally IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM public.cases_casetally;
  INSERT INTO public.cases_casetally (desk_id, organisation_id, kind, month, received, answered, published, shown, took,
    satisfied, fairly, dissatisfied, late, abuse)
  SELECT c.desk_id, c.organisation_id, c.kind,
    date_trunc('month', c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, count(*),
    count(*) FILTER (WHERE c.state = 'replied'),
    count(*) FILTER (WHERE c.state = 'replied' AND c.published_path <> ''),
    count(*) FILTER (WHERE c.state = 'replied' AND c.published_path NOT IN ('', '/interaction/errors/')),
    coalesce(sum(c.ended_at - c.submitted_at) FILTER (WHERE c.state = 'replied'), interval '0'),
    count(*) FILTER (WHERE j.grade = 'satisfied'), count(*) FILTER (WHERE j.grade = 'fairly'),
    count(*) FILTER (WHERE j.grade = 'dissatisfied'),
    count(*) FILTER (WHERE c.state IN ('replied', 'closed') AND c.ended_at > c.due_at),
    count(*) FILTER (WHERE c.is_abuse)
  FROM public.cases_case c LEFT JOIN public.cases_judgement j ON j.case_id = c.id
  GROUP BY 1, 2, 3, 4
$$;
"""

TRIGGERS = """
CREATE TRIGGER tally_made AFTER INSERT OR DELETE ON public.cases_case
  FOR EACH ROW EXECUTE FUNCTION public.gov_tally_case();
CREATE TRIGGER tally_changed AFTER UPDATE ON public.cases_case FOR EACH ROW
  WHEN ((OLD.desk_id, OLD.organisation_id, OLD.kind, OLD.submitted_at, OLD.state, OLD.ended_at, OLD.due_at,
    OLD.published_path, OLD.is_abuse) IS DISTINCT FROM (NEW.desk_id, NEW.organisation_id, NEW.kind, NEW.submitted_at,
    NEW.state, NEW.ended_at, NEW.due_at, NEW.published_path, NEW.is_abuse))
  EXECUTE FUNCTION public.gov_tally_case();
CREATE TRIGGER tally_judged AFTER INSERT OR DELETE ON public.cases_judgement
  FOR EACH ROW EXECUTE FUNCTION public.gov_tally_judgement();
"""

BACK = """
DROP TRIGGER tally_made ON public.cases_case;
DROP TRIGGER tally_changed ON public.cases_case;
DROP TRIGGER tally_judged ON public.cases_judgement;
DROP FUNCTION public.gov_tally_case();
DROP FUNCTION public.gov_tally_judgement();
DROP FUNCTION public.gov_tally_anew();
DROP FUNCTION public.gov_tally_add(public.cases_case, integer);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_retention"),
        ("tenancy", "0012_traditional_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("month", models.DateField()),
                ("received", models.IntegerField(db_default=0, default=0)),
                ("answered", models.IntegerField(db_default=0, default=0)),
                ("published", models.IntegerField(db_default=0, default=0)),
                ("shown", models.IntegerField(db_default=0, default=0)),
                ("took", models.DurationField(db_default=datetime.timedelta(0), default=datetime.timedelta)),
                ("satisfied", models.IntegerField(db_default=0, default=0)),
                ("fairly", models.IntegerField(db_default=0, default=0)),
                ("dissatisfied", models.IntegerField(db_default=0, default=0)),
                ("late", models.IntegerField(db_default=0, default=0)),
                ("abuse", models.IntegerField(db_default=0, default=0)),
                (
                    "desk",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "来信统计",
                "verbose_name_plural": "来信统计",
                "indexes": [models.Index(fields=["desk", "month"], name="case_tally_of_desk")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, BACK),
        # What there is already.
        migrations.RunSQL("SELECT public.gov_tally_anew()", migrations.RunSQL.noop),
    ]
