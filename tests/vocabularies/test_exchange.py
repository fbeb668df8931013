"""Terms out and in as CSV."""

import pytest

from content_library.vocabularies.exchange import export_terms, import_terms
from content_library.vocabularies.queries import get_term, terms_of
from govplatform.refusals import Refused
from tests.review.frame.frame_cases import confirm, waiting


def test_what_goes_out_comes_in_without_a_change(db, person):
    for vocabulary in ("subject", "kind", "audience", "organisation", "disclosure"):
        result = import_terms(vocabulary, export_terms(vocabulary), acting_user=person("operator"))
        assert (result.added, result.changed, result.retired, result.reasons) == ([], [], [], [])
        assert result.unchanged == len(terms_of(vocabulary))


def test_a_file_adds_renames_moves_and_retires_and_a_preview_does_nothing(db, person):
    text = (
        "code,label,parent,aliases,status\r\n"
        "2301,深海,23,深潜|深海采样,active\r\n"
        "23,海洋,,,active\r\n"
        "0203,文书工作,02,公文,active\r\n"
        "1403,老龄工作,17,养老,active\r\n"
        "0204,政务督查,02,督查,retired\r\n"
    )
    seen = import_terms("subject", text, acting_user=person("operator"), preview=True)
    assert "23" not in terms_of("subject")
    assert get_term("subject", "0203").label == "文秘工作"
    done = import_terms("subject", text, acting_user=person("operator"))
    assert done == seen
    assert (done.added, done.retired) == (["23", "2301"], ["0204"])
    assert sorted(done.waiting) == ["0203", "0204", "1403", "23", "2301"]
    assert get_term("subject", "2301").aliases == ["深潜", "深海采样"]
    assert get_term("subject", "0203").label == "文秘工作"
    with pytest.raises(Refused, match="先确认上级"):
        confirm(waiting(get_term("subject", "2301")), "supervisor")
    for code in ("23", "2301", "0203"):
        confirm(waiting(get_term("subject", code)), "supervisor")
    assert get_term("subject", "2301").is_active
    assert get_term("subject", "0203").label == "文书工作"
    assert get_term("subject", "1403").parent.code == "17"
    assert not get_term("subject", "0204").is_active


def test_one_faulty_line_and_nothing_is_taken(db, person):
    text = "code,label,parent\r\n23,海洋,\r\n2401,无上级,24\r\n"
    result = import_terms("subject", text, acting_user=person("operator"))
    assert result.reasons == ["第 3 行：上级代码“24”不存在。"]
    assert "23" not in terms_of("subject")


@pytest.mark.parametrize("text", ["", "a,b\r\n1,2\r\n", "code,label,other\r\n"])
def test_another_file_is_refused(db, person, text):
    with pytest.raises(Refused, match="第一行须是列名"):
        import_terms("subject", text, acting_user=person("operator"))


def test_a_cell_that_looks_like_a_formula_is_made_harmless_and_comes_back(db, person):
    import_terms("kind", "code,label\r\nodd,'=1+1\r\n", acting_user=person("operator"))
    assert get_term("kind", "odd").label == "=1+1"
    assert "'=1+1" in export_terms("kind")
