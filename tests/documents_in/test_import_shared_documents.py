"""Three real documents, where they are at hand, all the way to the public page; none of their text is here."""

import pytest

from tests.documents_in.importing import call, import_files, review
from tests.documents_in.test_shared_documents import EXPECTED, FOLDER, short


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def test_each_is_imported_cleared_by_two_people_and_read_by_citizens(verb, citizen):
    """Passes over an empty list where the folder is not at hand; the way itself is tested elsewhere."""
    files = sorted(FOLDER.glob("*.txt"))
    if not files:
        return
    _status, answer = import_files(verb, *files, column="notices", more="--submit")
    assert answer["failed"] == []
    for path, page in zip(files, answer["pages"], strict=True):
        facts = EXPECTED[path.name]
        assert short(page["title"]) == facts.title
        assert (page["document_number"] or "")[-len(facts.number) or None :] == facts.number
        assert short(page["issued_by"] or "") == facts.issuer
        assert page["issued_on"] == (facts.issued_on.isoformat() if facts.issued_on else None)
        if page["status"] == "draft":
            # A file that names no number, body or date goes on when an editor hands in the draft itself.
            assert call(verb, "submit", "--site", "alpha", "--page", str(page["id"]), "--as", "alpha_editor")[0] == 0
        review(verb, page["id"], "alpha_content")
        assert review(verb, page["id"], "alpha_secret")["status"] == "live"
        _status, shown = call(verb, "show_page", "--site", "alpha", "--page", str(page["id"]))
        response = citizen("alpha").get(shown["url"].partition("localhost:8000")[2])
        assert response.status_code == 200
        assert len(response.content) < 60_000
    assert call(verb, "verify_gate", "--site", "alpha")[1]["ok"]
    assert call(verb, "verify_audit")[1]["ok"]


def test_all_of_them_are_policy_documents_and_those_without_their_marks_stay_drafts(verb):
    for path in sorted(FOLDER.glob("*.txt")):
        status, answer = import_files(verb, path, more="--submit")
        [page] = answer["pages"]
        named = all(page[name] for name in ("document_number", "issued_by", "issued_on"))
        assert (status, page["status"]) == ((0, "in_review") if named else (3, "draft"))
        assert ("没有从导入送审" in "".join(page["not_submitted"])) is not named
