"""Every citation in code and documentation leads to something that the repository has, or to a regulation by name."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.unit

DECISIONS = {path.name[:3] for path in (ROOT / "deploy" / "decisions").glob("[0-9][0-9][0-9]-*.md")}
TRAPS = set(re.findall(r"^\| (T\d+) \|", (ROOT / "docs" / "traps.md").read_text(encoding="utf-8"), re.M))
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
#: Papers that lie outside the repository, and codes of regulations that nobody can look up.
UNKNOWN_PAPERS = re.compile(r"\b(?:ARCHITECTURE|RULES|STYLE|LOOK|PROOF|SEARCH|TRAPS)\.md\b")
CODES = re.compile(r"(?<![\w-])(?:[HN] ?\d{1,2}|[JI] ?\d\.\d(?:\.\d)?)(?![\w%-])")
#: A part of a path that stands for another word.
PLACEHOLDER = re.compile(r"\b(?:NNN|NAME)\b")
#: A regulation in running code is cited by its title and article.
REGULATION = re.compile(r"(《[^》]{4,60}》(?:（[^）]{1,30}）)?)第[一二三四五六七八九十百]+条")


def texts(*endings: str) -> list[tuple[str, str]]:
    """``(path, text)`` of every file of the product with one of the endings; tests, data and history left out."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    found = []
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix in endings and path.is_file() and not name.startswith(("tests/", "CHANGELOG", "sites/demo/")):
            found.append((name, path.read_text(encoding="utf-8")))
    return found


def prose(name: str, text: str) -> str:
    """Comments and docstrings of a Python file; other files whole."""
    if not name.endswith(".py"):
        return text
    parts = re.findall(r'"""(.*?)"""', text, re.S) + re.findall(r"(?m)(?:^|\s)#(?!!)(.*)$", text)
    return "\n".join(parts)


def test_decisions_are_cited_by_the_number_of_their_file():
    wrong = []
    for name, text in texts(".py", ".md", ".html", ".css", ".js", ".toml"):
        for number in re.findall(r"\b[Dd]ecisions? ((?:\d+(?:, | and )?)+)", prose(name, text)):
            wrong += [(name, one) for one in re.findall(r"\d+", number) if one not in DECISIONS]
    assert DECISIONS and wrong == []


def test_traps_are_cited_by_the_number_on_their_page():
    wrong = []
    for name, text in texts(".py", ".md"):
        for one in re.findall(r"\b[Tt]raps? ((?:T\d+(?:, | and | to )?)+)", prose(name, text)):
            wrong += [(name, number) for number in re.findall(r"T\d+", one) if number not in TRAPS]
    assert len(TRAPS) >= 20 and wrong == []


def test_the_page_of_traps_names_guards_and_tests_that_exist():
    page = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| T\d+ \|.*\|$", page, re.M)
    missing = []
    for row in rows:
        cells = row.strip("|").split(" | ")
        paths = re.findall(r"`(tests/[\w/.-]+\.py)`", cells[3])
        missing += [row[:8]] if not paths else [path for path in paths if not (ROOT / path).is_file()]
    assert missing == []


def test_no_paper_is_cited_that_the_repository_does_not_have():
    wrong = [
        (name, found)
        for name, text in texts(".py", ".md", ".html", ".css", ".js", ".toml")
        for found in UNKNOWN_PAPERS.findall(prose(name, text))
    ]
    assert wrong == []


def test_no_regulation_is_cited_by_a_code():
    wrong = [
        (name, found) for name, text in texts(".py", ".html", ".toml") for found in CODES.findall(prose(name, text))
    ]
    assert wrong == []


def test_every_regulation_that_is_cited_stands_on_the_page_of_rules():
    wrong = {
        title
        for name, text in texts(".py", ".toml", ".html")
        if "/packs/" not in name
        for title in REGULATION.findall(text)
        if title not in RULES and title.split("》")[0] + "》" not in RULES
    }
    assert wrong == set()


def test_links_of_the_documentation_lead_somewhere():
    wrong = []
    for name, text in texts(".md"):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in target and not (ROOT / name).parent.joinpath(target).exists():
                wrong.append((name, target))
    assert wrong == []


def test_files_that_the_documentation_names_exist():
    wrong = []
    for name, text in texts(".md"):
        if name.startswith(("README", "docs/", "CONTRIBUTING")):
            for path in re.findall(
                r"`((?:platform|content_library|sites|themes|search|tests|deploy|docs)/[\w/.-]+)`", text
            ):
                if not PLACEHOLDER.search(path) and not (ROOT / path.rstrip("/")).exists():
                    wrong.append((name, path))
            for path in re.findall(r"`(govplatform/[\w/.-]+)`", text):
                if not (ROOT / "platform" / path.rstrip("/")).exists():
                    wrong.append((name, path))
    assert wrong == []
