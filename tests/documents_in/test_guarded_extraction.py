"""Extraction through the guarded process: same result, pictures in the caller's folder, refusals told."""

from pathlib import Path

import docx
import pytest

from govplatform.guarded.targets import ALLOWED_PREFIXES
from sites.documents_in.extraction import ExtractionLimits, ExtractionRefused, extract_guarded
from tests.documents_in.fictional import NOTICE, extract, picture, write_docx, write_text

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("cold_guard")]

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def project_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PROJECT))


def test_same_result_as_in_this_process(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", NOTICE)
    assert extract_guarded(path, "a.docx") == extract(path)


def test_pictures_lie_in_the_callers_folder(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(picture())
    document = docx.Document()
    document.add_paragraph(NOTICE[4])
    document.add_picture(str(tmp_path / "p.png"))
    document.save(str(tmp_path / "upload"))
    folder = tmp_path / "pictures"
    folder.mkdir()
    result = extract_guarded(tmp_path / "upload", "报告.docx", image_folder=folder)
    assert [Path(image.path) for image in result.images] == [folder / "image-001.png"]
    assert (folder / "image-001.png").is_file()


def test_refusal_passes_through(tmp_path: Path) -> None:
    with pytest.raises(ExtractionRefused, match="扩展名与内容不符"):
        extract_guarded(write_text(tmp_path / "a.txt", NOTICE), "a.pdf")


def test_time_and_memory_are_refusals_with_a_way_out(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx", NOTICE)
    with pytest.raises(ExtractionRefused, match="拆分"):
        extract_guarded(path, "a.docx", limits=ExtractionLimits(seconds=0.05))
    with pytest.raises(ExtractionRefused, match="请"):
        extract_guarded(path, "a.docx", limits=ExtractionLimits(memory_mb=60))


def test_the_target_is_on_the_allow_list() -> None:
    assert any("sites.documents_in.extraction".startswith(prefix) for prefix in ALLOWED_PREFIXES)
