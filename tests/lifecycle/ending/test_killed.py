"""kill -9 of the verbs at each of their steps: nothing is lost, and the same verb once more ends what was begun."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from govplatform.audit.models import Entry
from govplatform.lifecycle.ending.actions import dump_site
from govplatform.lifecycle.models import SiteDump
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests.verbs import call_verb

from .ended import digests, ended, files_of, kill_verb, left_in, scratch_schemas, with_files

_RECORD = "govplatform.lifecycle.ending.actions:record_dump"
_REMOVE = "govplatform.lifecycle.ending.actions:remove_folder"
_PLACE = "govplatform.lifecycle.ending.restoring:_place_files"
_TELL = "govplatform.telling:Teller.__call__"
#: (where it is killed, at which step, after how many calls, whether the schema is still there then)
DROPPING = (
    (_TELL, "reading", 0, True),
    (_TELL, "reading", 40, True),
    (_TELL, "writing", 0, True),
    ("govplatform.lifecycle.dumping.taking:sync_folder", "", 0, True),
    (_TELL, "checking", 0, True),
    (_TELL, "checking", 60, True),
    (_TELL, "dropping", 0, True),
    ("govplatform.lifecycle.ending.actions:drop_schema", "", 0, True),
    (_RECORD, "", 0, True),
    (_TELL, "removing", 0, False),
    (_REMOVE, "", 0, False),
    ("govplatform.lifecycle.dumping.files:shutil.rmtree", "", 2, False),
)
#: The same, and under which code.
RESTORING = (
    (_TELL, "verifying", 0, "gamma"),
    (_TELL, "building", 30, "beta"),
    (_TELL, "building", 90, "gamma"),
    (_TELL, "migrating", 0, "gamma"),
    (_TELL, "opening", 0, "beta"),
    ("govplatform.lifecycle.ending.restoring:_note", "", 0, "gamma"),
    ("govplatform.lifecycle.ending.restoring:_note", "", 0, "beta"),
    (_PLACE, "", 0, "beta"),
    # the files stand in their place, and the transaction that says so is lost
    (_PLACE, "after", 0, "gamma"),
    (_PLACE, "after", 0, "beta"),
)


def _mostly_soak(cases, *short):
    """A few at each run, all of them when the long tests are asked for: each is three processes and a site."""
    return [case if case[0] in short else pytest.param(*case, marks=pytest.mark.soak) for case in cases]


@pytest.mark.parametrize(("at", "step", "after", "is_there"), _mostly_soak(DROPPING, _RECORD, _REMOVE))
def test_a_killed_drop_is_ended_by_the_next(own_database, live, tmp_path, at, step, after, is_there):
    with_files()
    tenant = ended(tmp_path / "archive")
    before, files = digests("site_beta"), files_of("beta")
    kill_verb(own_database, at, "drop_site", "beta", "--as", "operator", step=step, after=after)
    if is_there:
        assert digests("site_beta") == before and files_of("beta") == files
        assert get_tenant("beta").dropped_at is None and not Entry.objects.filter(act="site.drop").exists()
        assert find_isolation_faults() == (3, [])
    else:
        assert digests("site_beta") == {} and get_tenant("beta").dropped_at is not None
        assert SiteDump.objects.get().state == "dropped"
    done = call_verb("drop_site", "beta", "--as", "operator", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    path = Path(json.loads(done.stdout)["dump"])
    assert digests("site_beta") == {} and files_of("beta") == {} and scratch_schemas() == []
    assert left_in(path.parent) == [path.name]
    assert not [name for name in left_in(Path(settings.MEDIA_ROOT)) if "site_beta" in name]
    assert Entry.objects.filter(act="site.drop").count() == 1
    assert sorted(SiteDump.objects.values_list("state", flat=True))[0] == "done"
    done = call_verb("restore_site", str(path), "--as", "operator", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert digests("site_beta") == before and files_of("beta") == files
    assert get_tenant("beta").pk == tenant.pk


@pytest.mark.parametrize(("at", "step", "after", "code"), _mostly_soak(RESTORING, _PLACE))
def test_a_killed_restoring_is_ended_by_the_next(own_database, live, tmp_path, at, step, after, code):
    with_files()
    before, files = digests("site_beta"), files_of("beta")
    if code == "beta":
        ended(tmp_path / "archive")
        before = digests("site_beta")
        done = call_verb("drop_site", "beta", "--as", "operator", "--json")
        path = json.loads(done.stdout)["dump"]
    else:
        path = dump_site(get_tenant("beta"), tmp_path / "dumps", acting_user=None).path
    words = ["restore_site", path, "--code", code, "--as", "operator"]
    when, step = ("after", "") if step == "after" else ("", step)
    kill_verb(own_database, at, *words, step=step, after=after, when=when)
    assert digests(f"site_{code}") == {}
    assert not Tenant.objects.filter(code=code, dropped_at=None).exists()
    done = call_verb(*words, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert scratch_schemas() == [] and files_of(code) == files
    found = digests(f"site_{code}")
    assert [name for name in before if before[name] != found[name]] in ([], ["wagtailcore_site"])
    assert not [name for name in left_in(Path(settings.MEDIA_ROOT)) if name.startswith(".")]
    assert find_isolation_faults()[1] == []
