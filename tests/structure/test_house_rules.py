"""Rules of the house that a glance can miss."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ["platform/govplatform", "sites", "themes", "content_library", "search"]
pytestmark = pytest.mark.unit


def python_files() -> list[Path]:
    return [path for source in SOURCES for path in (ROOT / source).rglob("*.py")]


def test_no_python_file_directly_in_platform():
    """Trap T18: it could replace Python's own ``platform`` module."""
    assert not list((ROOT / "platform").glob("*.py"))
    import platform

    assert Path(platform.__file__).parent != ROOT / "platform"


def test_our_search_package_wins():
    """Trap T18: a third-party top-level package of the same name must not shadow ours."""
    import search

    assert Path(search.__file__).parent == ROOT / "search"


def test_layers_are_kept():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_no_catch_all_names():
    bad = {"utils", "helpers", "common", "core", "services", "misc"}
    # Django names a verb after its file; this one is about what a government does for citizens.
    verb = ROOT / "sites" / "service_guides" / "management" / "commands" / "services.py"
    files = [path for path in python_files() if path != verb]
    assert not [path for path in files if {path.stem, *path.relative_to(ROOT).parts[:-1]} & bad]


def test_no_file_beyond_four_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): count
        for path in python_files()
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > 400
    }
    assert not long


def test_nothing_enters_a_site_by_the_shared_stack():
    """Trap T9: ``with tenant:`` keeps a class-level stack that threads share."""
    pattern = re.compile(r"^\s*with (self\.)?tenant( as \w+)?:", re.MULTILINE)
    assert not [path for path in python_files() if pattern.search(path.read_text())]


def test_locks_name_no_address_and_hash_everything():
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        for block in re.split(r"\n(?=[a-z])", text.strip()):
            assert "--hash=sha256:" in block, block[:60]


def test_theme_codes_of_the_settings_are_those_of_the_registry():
    from django.conf import settings

    from themes.registry import THEMES

    assert list(THEMES) == settings.THEME_CODES


def test_regulations_are_cited_by_name_and_article():
    """Nobody can look up a letter and a number: such shorthand belongs to papers that the repository does not have."""
    shorthand = re.compile(r"(?<![0-9A-Za-z_])[HJNIO] ?[0-9]{1,2}(?:\.[0-9]+)*(?![0-9A-Za-z_])")
    assert shorthand.search("依据：H34") and shorthand.search("J 2.2.1") and not shorthand.search("<h2>UTF-8")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    cited = {
        name: found
        for name in tracked
        if name.endswith((".py", ".toml", ".html", ".md", ".js", ".po")) and not name.startswith("tests/")
        if (ROOT / name).is_file() and (found := shorthand.findall((ROOT / name).read_text(encoding="utf-8")))
    }
    assert not cited


def test_no_text_of_real_documents_in_the_repository():
    documents = ROOT.parent / "shared" / "documents"
    lines = [
        line.strip()
        for path in documents.glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if 60 < len(line.strip()) < 300
    ]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    endings = {".py", ".txt", ".md", ".html", ".json", ".toml", ".yaml", ".yml", ".csv"}
    texts = [
        (ROOT / name).read_text(errors="ignore")
        for name in tracked
        if name and (ROOT / name).suffix in endings and (ROOT / name).is_file()
    ]
    assert not [line[:30] for line in lines if any(line in text for text in texts)]
