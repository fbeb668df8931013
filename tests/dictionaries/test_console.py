"""The dictionary in the console: kept by reviewers and the supervising office, closed to everybody else."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from govplatform.dictionaries.actions import add_word, allow_value
from govplatform.dictionaries.models import AllowedValue, ImportDraft, Word
from tests.console.test_chinese import visible_words

from .files import csv_file, xlsx_file

WORD = {"word": "测试词甲", "kind": "wrong", "severity": "info", "suggestion": "好词"}
ADDRESSES = ["", "add/", "allowed/", "import/", "export/"]


def html(response):
    return response.content.decode()


def upload(client, path):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post("/admin/dictionary/import/", {"file": file}, follow=True)


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "alpha_auditor"])
@pytest.mark.parametrize("address", [*ADDRESSES, "import/preview/"])
def test_nobody_else_gets_in(console, who, address):
    client = console(who, "alpha")
    assert client.get(f"/admin/dictionary/{address}").status_code == 403
    assert client.post(f"/admin/dictionary/{address}", WORD).status_code == 403
    assert not Word.objects.exists()
    assert "词库" not in html(client.get("/admin/", follow=True))


@pytest.mark.parametrize(
    ("who", "site_code"),
    [("alpha_content", "alpha"), ("alpha_secret", "alpha"), ("operator", "console"), ("supervisor", "console")],
)
def test_keepers_open_every_screen_and_read_no_english(console, who, site_code):
    client = console(who, site_code)
    assert "/admin/dictionary/" in html(client.get("/admin/"))
    for address in ADDRESSES[:-1]:
        response = client.get(f"/admin/dictionary/{address}")
        assert response.status_code == 200
        assert set(visible_words(html(response))) <= {"CSV", "XLSX", "UTF-", "UTF", "GB"}
    assert "还没有词语" in html(client.get("/admin/dictionary/"))


def test_a_word_is_added_changed_and_retired(console, site):
    client = console("alpha_content", "alpha")
    assert client.post("/admin/dictionary/add/", WORD).headers["Location"] == "/admin/dictionary/"
    word = Word.objects.get()
    assert word.tenant == site("alpha")
    address = f"/admin/dictionary/words/{word.pk}/"
    client.post(address, {**WORD, "act": "change", "severity": "block"})
    assert "必须处理" in html(client.get("/admin/dictionary/"))
    assert "没有符合条件" in html(client.get("/admin/dictionary/?q=没有的"))
    assert "理由" in html(client.post(address, {"act": "retire", "reason": ""}))
    client.post(address, {"act": "retire", "reason": "误加"})
    page = html(client.get(address))
    assert all(text in page for text in ("已停用", "误加", "甲内审"))
    assert "测试词甲" in html(client.get("/admin/dictionary/?state=retired"))


def test_what_is_wrong_with_a_word_is_said_at_its_field(console):
    client = console("alpha_content", "alpha")
    page = html(client.post("/admin/dictionary/add/", {**WORD, "word": "单", "suggestion": "单"}))
    assert "词语应为 2 至 50 个字符" in page
    client.post("/admin/dictionary/add/", WORD)
    assert "日期重叠" in html(client.post("/admin/dictionary/add/", WORD))


def test_a_word_of_another_site_is_not_there(console, site, person):
    word = add_word(site("beta"), word="乙站词语", acting_user=person("beta_content"))
    client = console("alpha_content", "alpha")
    assert client.get(f"/admin/dictionary/words/{word.pk}/").status_code == 404
    assert client.post(f"/admin/dictionary/words/{word.pk}/", {"act": "retire", "reason": "x"}).status_code == 404
    assert "乙站词语" not in html(client.get("/admin/dictionary/"))


def test_a_word_of_the_platform_is_ignored_with_a_reason_but_not_changed(console, person):
    word = add_word(None, word="平台词语", acting_user=person("operator"))
    client, address = console("alpha_content", "alpha"), f"/admin/dictionary/words/{word.pk}/"
    client.post(address, {**WORD, "act": "change"})
    client.post(address, {"act": "retire", "reason": "不要"})
    word.refresh_from_db()
    assert (word.word, word.state) == ("平台词语", "active")
    client.post(address, {"act": "ignore", "reason": "本站专名"})
    assert "本站专名" in html(client.get(address))
    assert "平台词语" in html(client.get("/admin/dictionary/?state=ignored"))
    assert "本站专名" not in html(console("beta_content", "beta").get(address))
    assert "本站专名" in html(console("operator", "console").get(address))
    client.post(address, {"act": "heed"}, follow=True)
    assert "平台词语" not in html(client.get("/admin/dictionary/?state=ignored"))


def test_an_import_is_looked_at_before_it_is_written(console, tmp_path, site, person):
    add_word(site("alpha"), word="旧有词语", suggestion="旧建议", acting_user=person("alpha_secret"))
    add_word(site("alpha"), word="文件外词", acting_user=person("alpha_secret"))
    client = console("alpha_content", "alpha")
    page = upload(client, xlsx_file(tmp_path, ["新来词语", "敏感词"], ["旧有词语", None, None, "新建议"]))
    assert page.redirect_chain[-1][0] == "/admin/dictionary/import/preview/"
    assert all(text in html(page) for text in ("新来词语", "旧建议 → 新建议", "确认导入"))
    assert not Word.objects.filter(word="新来词语").exists()
    seal = page.context["seal"]
    assert "有了变化" in html(client.post("/admin/dictionary/import/preview/?replace=1", {"seal": seal}))
    replaced = client.get("/admin/dictionary/import/preview/?replace=1")
    assert replaced.context["counts"] == {"added": 1, "changed": 1, "retired": 1, "unchanged": 0}
    client.post("/admin/dictionary/import/preview/", {"seal": seal})
    assert set(Word.objects.filter(state="active").values_list("word", flat=True)) == {
        "新来词语",
        "旧有词语",
        "文件外词",
    }
    assert not ImportDraft.objects.exists()


def test_bad_rows_are_listed_and_skipped_only_when_said_so(console, tmp_path):
    client = console("alpha_content", "alpha")
    page = upload(client, csv_file(tmp_path, "好的词语", ",敏感词,怪"))
    assert "跳过有误的 1 行" in html(page)
    assert page.context["bad_lines"] == 1
    replaced = client.get("/admin/dictionary/import/preview/?replace=1")
    assert "不能整体替换" in html(replaced)
    client.post("/admin/dictionary/import/preview/?replace=1", {"seal": replaced.context["seal"]})
    assert not Word.objects.exists()
    client.post("/admin/dictionary/import/preview/", {"seal": page.context["seal"]})
    assert Word.objects.get().word == "好的词语"


def test_a_file_that_cannot_be_read_is_refused_at_its_field(console, tmp_path):
    client = console("alpha_content", "alpha")
    path = tmp_path / "words.xlsx"
    path.write_bytes(b"PK broken")
    assert "不是 XLSX 文件" in html(upload(client, path))
    assert not ImportDraft.objects.exists()


def test_the_upload_of_one_person_is_not_another_s(console, tmp_path):
    upload(console("alpha_content", "alpha"), csv_file(tmp_path, "好的词语"))
    other = console("alpha_secret", "alpha").get("/admin/dictionary/import/preview/")
    assert other.headers["Location"] == "/admin/dictionary/import/"


def test_the_dictionary_goes_out_as_a_file(console, site, person):
    add_word(site("alpha"), word="=1+1词", acting_user=person("alpha_secret"))
    client = console("alpha_content", "alpha")
    assert "'=1+1词" in client.get("/admin/dictionary/export/").content.decode("utf-8-sig")
    response = client.get("/admin/dictionary/export/?format=xlsx")
    assert "attachment" in response.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(response.content)).active["A2"].value == "=1+1词"


def test_a_value_is_allowed_and_revoked_with_reasons(console, site, person):
    client = console("alpha_secret", "alpha")
    facts = {"kind": "number", "value": "0000-12345678", "reason": "政务热线"}
    assert "这不是域名" in html(client.post("/admin/dictionary/allowed/", {**facts, "kind": "host"}))
    client.post("/admin/dictionary/allowed/", facts)
    value = AllowedValue.objects.get()
    assert "政务热线" in html(client.get("/admin/dictionary/allowed/"))
    assert "理由" in html(client.post("/admin/dictionary/allowed/", {"revoke": value.pk, "reason": ""}))
    platform = allow_value(None, "400-0000000", kind="number", reason="平台热线", acting_user=person("operator"))
    client.post("/admin/dictionary/allowed/", {"revoke": platform.pk, "reason": "不要"})
    client.post("/admin/dictionary/allowed/", {"revoke": value.pk, "reason": "号码停用"})
    assert set(AllowedValue.objects.filter(state="active")) == {platform}
    assert "号码停用" in html(client.get("/admin/dictionary/allowed/"))


def test_hidden_columns_of_an_uploaded_table_are_named_before_it_is_confirmed(console, tmp_path):
    path = xlsx_file(tmp_path, ["测试词甲", "敏感词"])
    book = load_workbook(path)
    book.active.column_dimensions["B"].hidden = True
    book.save(path)
    assert "隐藏的，也已读入，请核对：B 列" in html(upload(console("alpha_content", "alpha"), path))
