"""What was filed is what is decided on: the facts of an application, its papers, and the bytes of each paper."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from govplatform.lifecycle.models import ApplicationDecision, ApplicationPaper, SiteApplication
from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.verbs import call_verb

from .life import approve, approve_to_the_end, file, paper

pytestmark = pytest.mark.django_db


def retirement(**asked):
    papers = [paper("approval"), paper("division-change")]
    return file("retire", "beta", ground="division-change", papers=papers, **asked)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE public.lifecycle_siteapplication SET into_id = tenant_id",
        'UPDATE public.lifecycle_siteapplication SET wanted = \'{"domain": "evil.example"}\'',
        "UPDATE public.lifecycle_siteapplication SET reason = '别的理由'",
        "UPDATE public.lifecycle_siteapplication SET until = '2099-01-01'",
        "UPDATE public.lifecycle_siteapplication SET filed_by_id = filed_by_id + 1",
        "UPDATE public.lifecycle_siteapplication SET levels = '[\"console\"]'",
        "UPDATE public.lifecycle_siteapplication SET ground = 'ordered', reported = true",
        "DELETE FROM public.lifecycle_siteapplication",
        "UPDATE public.lifecycle_applicationpaper SET sm3 = repeat('0', 64)",
        "UPDATE public.lifecycle_applicationpaper SET file = 'other'",
        "DELETE FROM public.lifecycle_applicationpaper",
        "UPDATE public.lifecycle_applicationdecision SET approved = NOT approved",
        "DELETE FROM public.lifecycle_applicationdecision",
    ],
)
def test_nobody_changes_what_was_filed_or_decided(change):
    approve(retirement())
    with (
        pytest.raises(DatabaseError, match=r"kept|append-only"),
        transaction.atomic(),
        as_owner(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_no_paper_is_added_once_the_first_level_has_decided():
    application = approve(retirement())
    row = ApplicationPaper(application=application, kind="other", name="x", file="x", size=1, sm3="0" * 64)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
        row.save()


def swapped(application):
    kept = application.papers.get(kind="approval")
    Path(kept.file.path).write_text("另一份批复。", encoding="utf-8")
    return kept


@pytest.mark.parametrize("how", ["swapped", "removed"])
def test_a_paper_that_is_not_what_was_filed_is_not_approved(how):
    application = approve(retirement())
    kept = application.papers.get(kind="approval")
    if how == "swapped":
        swapped(application)
    else:
        Path(kept.file.path).unlink()
    with pytest.raises(Refused, match=r"approval\.txt"):
        approve(application)
    assert ApplicationDecision.objects.filter(application=application).count() == 1
    # It can be rejected all the same, which is the way out.
    assert approve(application, approve=False).state == "rejected"


def test_a_paper_that_is_not_what_was_filed_is_not_handed_out(console):
    application = retirement()
    kept = application.papers.get(kind="approval")
    admin = console("beta_admin", "beta")
    address = reverse("site_application_paper", args=[kept.pk])
    assert b"".join(admin.get(address)).decode() == "同意。"
    swapped(application)
    answer = admin.get(address, follow=True)
    told = answer.content.decode()
    assert "approval.txt" in told and "另一份批复" not in told and "不一致" in told


def test_a_paper_s_kind_is_one_that_the_rules_know(tmp_path):
    sheet = tmp_path / "letter.txt"
    sheet.write_text("同意。", encoding="utf-8")
    words = (
        "apply",
        "retire",
        "--site",
        "beta",
        "--as",
        "beta_admin",
        "--reason",
        "撤并。",
        "--ground",
        "division-change",
    )
    papers = ("--paper", f"approval={sheet}", "--paper", f"division-change={sheet}")
    for kind in ("../../../etc", "x" * 300, "approvall"):
        done = call_verb(*words, *papers, "--paper", f"{kind}={sheet}")
        assert done.returncode == 3 and "没有“" in done.stderr and "approval" in done.stderr, done
    assert not SiteApplication.objects.exists()
    assert call_verb(*words, *papers, "--paper", f"other={sheet}").returncode == 0


def test_the_whole_way_is_still_open():
    assert approve_to_the_end(retirement()).state == "approved"
    assert get_tenant("beta").status == "live" and factories.user("supervisor").pk


@pytest.mark.parametrize(
    ("name", "kept"),
    [("\udcc5\udcfa\udcb8\udcb4.txt", r"\xc5\xfa\xb8\xb4.txt"), ("\ud800.txt", r"\ud800.txt")],
    ids=["bytes", "half a character"],
)
def test_a_paper_keeps_a_name_that_can_be_written_whatever_the_shell_gave(name, kept):
    """批复.txt in GBK, as a shell of an old machine hands it over; and half a character."""
    application = file(
        "retire", "beta", ground="division-change", papers=[paper("approval", name=name), paper("division-change")]
    )
    assert kept in {one.name for one in application.papers.all()}
