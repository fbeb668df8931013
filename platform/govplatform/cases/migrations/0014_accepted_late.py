"""What was accepted behind the limit of acceptance is counted as well, by the triggers of 0012."""

from django.db import migrations, models

FUNCTIONS = """
-- What one case counts, times ``sign``, into the numbers of its key; with what its sender thought of the answer.
CREATE OR REPLACE FUNCTION public.gov_tally_add(c public.cases_case, sign integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.cases_casetally (desk_id, organisation_id, kind, month, received, answered, published, shown, took,
    satisfied, fairly, dissatisfied, late, accepted_late, abuse)
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
    sign * coalesce(c.accepted_at > c.accept_due, false)::int,
    sign * c.is_abuse::int
  FROM (SELECT 1) AS one LEFT JOIN public.cases_judgement j ON j.case_id = c.id
$$;

CREATE OR REPLACE FUNCTION public.gov_tally_anew() RETURNS void LANGUAGE sql AS $$
  -- In the order in which acts take them; the last also against whoever puts rows together.
  LOCK TABLE public.cases_judgement, public.cases_case IN SHARE MODE;
  LOCK TABLE public.cases_casetally IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM public.cases_casetally;
  INSERT INTO public.cases_casetally (desk_id, organisation_id, kind, month, received, answered, published, shown, took,
    satisfied, fairly, dissatisfied, late, accepted_late, abuse)
  SELECT c.desk_id, c.organisation_id, c.kind,
    date_trunc('month', c.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, count(*),
    count(*) FILTER (WHERE c.state = 'replied'),
    count(*) FILTER (WHERE c.state = 'replied' AND c.published_path <> ''),
    count(*) FILTER (WHERE c.state = 'replied' AND c.published_path NOT IN ('', '/interaction/errors/')),
    coalesce(sum(c.ended_at - c.submitted_at) FILTER (WHERE c.state = 'replied'), interval '0'),
    count(*) FILTER (WHERE j.grade = 'satisfied'), count(*) FILTER (WHERE j.grade = 'fairly'),
    count(*) FILTER (WHERE j.grade = 'dissatisfied'),
    count(*) FILTER (WHERE c.state IN ('replied', 'closed') AND c.ended_at > c.due_at),
    count(*) FILTER (WHERE c.accepted_at > c.accept_due),
    count(*) FILTER (WHERE c.is_abuse)
  FROM public.cases_case c LEFT JOIN public.cases_judgement j ON j.case_id = c.id
  GROUP BY 1, 2, 3, 4
$$;
"""

TRIGGER = """
DROP TRIGGER tally_changed ON public.cases_case;
CREATE TRIGGER tally_changed AFTER UPDATE ON public.cases_case FOR EACH ROW
  WHEN ((OLD.desk_id, OLD.organisation_id, OLD.kind, OLD.submitted_at, OLD.state, OLD.ended_at, OLD.due_at,
    OLD.published_path, OLD.is_abuse, OLD.accepted_at, OLD.accept_due) IS DISTINCT FROM (NEW.desk_id, NEW.organisation_id, NEW.kind,
    NEW.submitted_at, NEW.state, NEW.ended_at, NEW.due_at, NEW.published_path, NEW.is_abuse, NEW.accepted_at, NEW.accept_due))
  EXECUTE FUNCTION public.gov_tally_case();
"""

FORMER = """
-- What one case counts, times ``sign``, into the numbers of its key; with what its sender thought of the answer.
CREATE OR REPLACE FUNCTION public.gov_tally_add(c public.cases_case, sign integer) RETURNS void LANGUAGE sql AS $$
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

CREATE OR REPLACE FUNCTION public.gov_tally_anew() RETURNS void LANGUAGE sql AS $$
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
DROP TRIGGER tally_changed ON public.cases_case;
CREATE TRIGGER tally_changed AFTER UPDATE ON public.cases_case FOR EACH ROW
  WHEN ((OLD.desk_id, OLD.organisation_id, OLD.kind, OLD.submitted_at, OLD.state, OLD.ended_at, OLD.due_at,
    OLD.published_path, OLD.is_abuse) IS DISTINCT FROM (NEW.desk_id, NEW.organisation_id, NEW.kind,
    NEW.submitted_at, NEW.state, NEW.ended_at, NEW.due_at, NEW.published_path, NEW.is_abuse))
  EXECUTE FUNCTION public.gov_tally_case();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_inbox_indexes")]

    operations = [
        migrations.AddField(
            model_name="casetally",
            name="accepted_late",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["desk", "-id"],
                condition=models.Q(("accepted_at__gt", models.F("accept_due"))),
                name="case_accepted_late",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, FORMER),
        # What there is already.
        migrations.RunSQL("SELECT public.gov_tally_anew()", migrations.RunSQL.noop),
    ]
