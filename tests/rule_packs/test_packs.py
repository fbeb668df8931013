"""规则包: what holds for a site, what it takes over, and that nothing in a pack is idle."""

import ast
import hashlib
import json
import tomllib
from pathlib import Path

import pytest

from govplatform.confidentiality.scanning.rules import FACT_RULES, TEXT_RULES
from govplatform.confidentiality.scanning.rules.aggregation import Aggregation
from govplatform.confidentiality.scanning.settings import ScanSettings
from govplatform.refusals import Refused
from govplatform.review.gate.thresholds import thresholds
from govplatform.rule_packs.articles import is_article
from govplatform.rule_packs.files import available_rule_packs, find_pack, read_chain
from govplatform.rule_packs.known_limits import KNOWN_LIMITS
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.rule_packs.queries import unverified_of

from .stated import SHIPPED, limit, state_packs

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def literals(words, *folders):
    """Which of ``words`` are texts in the code of ``folders``, the list of known limits and migrations left out."""
    found = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "known_limits.py" and "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                # A file that has none of them in it need not be taken apart.
                if any(word in text for word in words):
                    found |= {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    return found & set(words)


@pytest.mark.parametrize("code", available_rule_packs())
def test_every_shipped_pack_has_every_limit_and_checklist(code):
    pack = load_rule_pack(code)
    assert pack.limits.keys() == KNOWN_LIMITS.keys()
    assert pack.checklists["content"]
    assert pack.checklists["confidentiality"]
    assert pack.checklists["content2"] == pack.checklists["content"]


def test_every_limit_of_a_pack_is_read_by_code():
    used = literals(KNOWN_LIMITS, "platform/govplatform", "sites", "content_library", "themes")
    assert set(KNOWN_LIMITS) - used == set()


def test_code_asks_for_no_limit_that_packs_do_not_have():
    asked = set()
    for folder in ("platform/govplatform", "sites", "content_library"):
        for path in (ROOT / folder).rglob("*.py"):
            if "limit" not in (text := path.read_text(encoding="utf-8")):
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "limit" and node.args:
                    asked |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    assert len(asked) > 10, "the search finds nothing any more"
    assert asked - KNOWN_LIMITS.keys() == set()


def test_a_province_overrides_what_it_states_and_takes_over_the_rest():
    national, jiangsu = load_rule_pack("national"), load_rule_pack("jiangsu")
    name = "repost_important_policy"
    assert (national.limit(name).value, jiangsu.limit(name).value) == (24, 12)
    assert (jiangsu.limit(name).stated_by, jiangsu.limit("claim").stated_by) == ("jiangsu", "national")
    assert jiangsu.limit("review_deadline") == national.limit("review_deadline")
    assert jiangsu.extends == ("national",)
    assert jiangsu.stamp == f"jiangsu {jiangsu.version}"


def test_a_pack_may_extend_one_that_extends_another(settings, tmp_path):
    state_packs(settings, tmp_path, near=limit("claim", 6, "hours"))
    (tmp_path / "nearer.toml").write_text('extends = "near"\nlabel = "更近"\nversion = "1"\n')
    pack = load_rule_pack("nearer")
    assert pack.extends == ("near", "national")
    assert (str(pack.limit("claim")), pack.limit("claim").stated_by) == ("6 小时", "near")


def test_a_severity_of_a_pack_reaches_the_scanner(settings, tmp_path):
    state_packs(settings, tmp_path, other='[scanning]\narticle = "平台约定"\n[scanning.severities]\nmobile = "block"\n')
    assert thresholds(load_rule_pack("other"))["severities"] == {"mobile": "block"}


def test_what_the_scanner_assumes_without_a_pack_is_the_national_one():
    plain = ScanSettings()
    assert thresholds(load_rule_pack("national")) == {
        name: getattr(plain, name)
        for name in ("aggregation_persons", "aggregation_attributes", "aggregation_column_persons", "severities")
    }


def test_an_unknown_pack_is_refused_with_what_there_is():
    with pytest.raises(Refused, match="national"):
        load_rule_pack("atlantis")


@pytest.mark.parametrize("code", ["../national", "/etc/passwd", "National", "", "nation al", "国家"])
def test_a_name_cannot_leave_the_folder(code):
    with pytest.raises(Refused):
        load_rule_pack(code)


@pytest.mark.parametrize(
    ("article", "good"),
    [
        ("《河北省政府网站管理办法》第三十四条", True),
        ("《中华人民共和国民法典》第二百零一条、第二百零三条", True),
        ("《政府网站发展指引》（国办发〔2017〕47号）", True),
        ("《地图管理条例》第二十二条；《河北省政府网站管理办法》第二十条", True),
        ("平台约定", True),
        ("H34", False), ("J 2.2.1", False), ("《河北省政府网站管理办法》H34", False), ("检查指标", False), ("", False),
        (None, False), (34, False), ("《河北省政府网站管理办法》第三十四条；", False), ("平台约定；H34", False),
    ],
)  # fmt: skip
def test_an_article_is_one_that_a_reader_can_look_up(article, good):
    assert is_article(article) is good


def test_every_scanning_rule_names_its_article():
    rules = [*TEXT_RULES, *FACT_RULES, Aggregation()]
    assert not [rule.id for rule in rules if not is_article(rule.source) or len(rule.source) > 100]


def test_what_nobody_compared_with_the_text_says_so():
    assert "limits.repost_important_policy" in unverified_of(load_rule_pack("national"))
    assert "limits.repost_important_policy" not in unverified_of(load_rule_pack("jiangsu"))


@pytest.mark.parametrize("code", available_rule_packs())
def test_a_changed_pack_has_a_new_version(code):
    """Decisions and scans are kept with name and version: the same stamp must never stand for two contents."""
    pack = load_rule_pack(code)
    content = json.dumps([file.raw for file in read_chain(find_pack(code))], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    stamps = tomllib.loads((Path(__file__).parent / "stamps.toml").read_text(encoding="utf-8"))
    assert stamps.get(pack.stamp) == digest, (
        f"{code}.toml, or a pack that it extends, was changed: raise the version in {code}.toml, "
        f'then write "{pack.stamp}" = "{digest}" (with the new version) into tests/rule_packs/stamps.toml'
    )


def test_the_shipped_packs_are_those_of_the_settings():
    assert {path.stem for path in SHIPPED.glob("*.toml")} == {"national", "hebei", "jiangsu"}
