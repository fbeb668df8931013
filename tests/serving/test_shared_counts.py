"""Limits per address where several web processes serve: with LIMITS_DIR they count together."""

import os
import subprocess
import sys
import time

import pytest

from govplatform.serving.shared_counts import SharedCounts
from tests.database import ROOT

pytestmark = pytest.mark.unit

#: What a web process does with so many requests of one address within one minute; prints how many are answered.
_ASKS = """
import django
django.setup()
from types import SimpleNamespace
from django.conf import settings
from django.test import RequestFactory
from content_library.outward import limits
limits.time = SimpleNamespace(time=lambda: {now})
asked = [RequestFactory().get("/", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="10.1.2.3") for _one in range(60)]
print(sum(limits.seconds_to_wait(one, "letter_network", network=True) == 0 for one in asked))
print(settings.OUTWARD_LIMITS["letter_network"])
"""


def _answered_by_two(**said):
    """How many of 120 requests two production processes answer that run at once, and the limit."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "govplatform.settings.production",
        "SECRET_KEY": "x" * 50, "CONSOLE_PARENT_DOMAIN": "console.example.gov.cn", "OUTWARD_PROXIES": "1",
        "GOVPLATFORM_LOGIN": "app", "APP_DATABASE_URL": "postgresql://govplatform_app@db.example/platform", **said,
    }  # fmt: skip
    command = [sys.executable, "-c", _ASKS.format(now=time.time())]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _one in range(2)
    ]
    answers = []
    for one in running:
        out, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
        answers.append([int(line) for line in out.split()])
    return sum(count for count, _limit in answers), answers[0][1]


def test_two_processes_share_the_count(tmp_path):
    answered, limit = _answered_by_two(LIMITS_DIR=str(tmp_path / "limits"))
    assert answered == limit == 60
    assert (tmp_path / "limits" / "outward").stat().st_mode & 0o077 == 0


def test_without_a_folder_each_counts_for_itself():
    answered, limit = _answered_by_two(LIMITS_DIR="")
    assert answered == 2 * limit


def counts(folder, **options):
    return SharedCounts(str(folder), {"OPTIONS": options, "timeout": 300})


def test_a_count_keeps_its_end(tmp_path):
    cache = counts(tmp_path / "c")
    assert cache.add("one", 0, timeout=600) and not cache.add("one", 0, timeout=600)
    assert (cache.incr("one"), cache.incr("one"), cache.get("one")) == (1, 2, 2)
    [kept] = (tmp_path / "c").glob("*.djcache")
    end, number = cache._read(str(kept))
    assert number == 2 and 500 < end - time.time() <= 600
    cache.set("over", 5, timeout=-1)
    for missing in ("over", "never"):
        with pytest.raises(ValueError, match=missing):
            cache.incr(missing)
    assert cache.add("over", 0, timeout=600)


def test_of_too_many_the_oldest_go(tmp_path, monkeypatch):
    cache = counts(tmp_path / "c", MAX_ENTRIES=30)
    monkeypatch.setattr("govplatform.serving.shared_counts.random.randrange", lambda _most: 1)
    for number in range(30):
        cache.add(f"key{number}", number)
        os.utime(cache._key_to_file(f"key{number}"), (number, number))
    monkeypatch.setattr("govplatform.serving.shared_counts.random.randrange", lambda _most: 0)
    cache.add("new", 0)
    assert cache.get("key0") is None and cache.get("key9") is None
    assert cache.get("key10") == 10 and cache.get("new") == 0


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    cache = counts(tmp_path / "c")
    cache._dir = str(tmp_path / "file" / "below")
    assert not cache.add("one", 0)
    assert "counts cannot be kept" in caplog.text
    with pytest.raises(ValueError, match="one"):
        cache.incr("one")
