"""All rows are checked before the first site is opened: each for itself, against each other and the platform."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from govplatform.lifecycle.actions import open_site
from govplatform.lifecycle.batches.checking import check_rows
from govplatform.tenancy.models import Tenant

from .tables import row, table_of


def faults_of(*rows):
    """(line, heading) of every fault."""
    checked = check_rows(table_of(*rows).rows)
    return [(fault.row, fault.column) for one in checked for fault in one.faults]


def reasons_of(*rows):
    return "".join(fault.reason for one in check_rows(table_of(*rows).rows) for fault in one.faults)


def test_a_row_in_order_becomes_what_a_form_would_have_given(db):
    [one] = check_rows(table_of(row(1, parent_code="alpha", level="县", theme="县区", host="TEST1.localhost")).rows)
    assert one.faults == []
    assert one.new is not None
    tenant, _seconds = open_site(one.new, acting_user=None)
    assert (tenant.level, tenant.theme, tenant.rule_pack) == ("county", "county", "national")
    assert (tenant.public_host, tenant.console_host) == ("test1.localhost", "test1.console.localhost")
    assert tenant.parent.code == "alpha"
    assert tenant.organiser == tenant.full_name


@pytest.mark.parametrize(
    ("changed", "heading"),
    [
        ({"full_name": ""}, "网站全称"),
        ({"full_name": "长" * 101}, "网站全称"),
        ({"full_name": "甲县\n人民政府"}, "网站全称"),
        ({"code": ""}, "站点代码"),
        ({"code": "Alpha"}, "站点代码"),
        ({"code": "1st"}, "站点代码"),
        ({"identity_code": "530100000"}, "网站标识码"),
        ({"identity_code": "5301210001"}, "网站标识码"),
        ({"kind": "企业网站"}, "类别"),
        ({"kind": "console"}, "类别"),
        ({"kind": ""}, "类别"),
        ({"level": "乡级"}, "层级"),
        ({"parent_code": "nobody"}, "上级站点"),
        ({"parent_code": "test1"}, "上级站点"),
        ({"parent_code": "console"}, "上级站点"),
        ({"host": ""}, "公众访问域名"),
        ({"host": "https://a.example/"}, "公众访问域名"),
        ({"host": "alpha.localhost"}, "公众访问域名"),
        ({"host": "a.console.localhost"}, "公众访问域名"),
        ({"console_host": "a.example"}, "管理后台域名"),
        ({"console_host": "alpha.console.localhost"}, "管理后台域名"),
        ({"contact": "电" * 201}, "联系方式"),
        ({"theme": "花哨"}, "主题"),
        ({"rule_pack": "nowhere"}, "规则包"),
    ],
)
def test_what_is_wrong_with_a_row_is_named_by_its_column(db, changed, heading):
    assert faults_of(row(1, **changed)) == [(2, heading)]


def test_all_faults_of_all_rows_are_found_at_once(db):
    found = faults_of(row(1, kind="", identity_code="x"), row(2), row(3, host="", parent_code="nobody"))
    assert sorted(found) == sorted([(2, "类别"), (2, "网站标识码"), (4, "公众访问域名"), (4, "上级站点")])


@pytest.mark.parametrize(
    ("changed", "heading"),
    [
        ({"code": "test1", "console_host": "other.console.localhost"}, "站点代码"),
        ({"host": "test1.localhost"}, "公众访问域名"),
        ({"console_host": "test1.console.localhost"}, "管理后台域名"),
    ],
)
def test_what_stands_twice_in_a_table_is_named_in_both_rows(db, changed, heading):
    found = check_rows(table_of(row(1), row(2, **changed)).rows)
    assert [fault.row for one in found for fault in one.faults if fault.column == heading][-1] == 3
    assert "第 2 行" in "".join(fault.reason for fault in found[1].faults)
    assert "第 3 行" in "".join(fault.reason for fault in found[0].faults)


def test_identity_codes_stand_once(db):
    same = {"identity_code": "5301000042"}
    assert faults_of(row(1, **same), row(2, **same)) == [(2, "网站标识码"), (3, "网站标识码")]


def test_the_superior_site_may_stand_further_down(db):
    assert faults_of(row(1, parent_code="test2"), row(2, level="市级")) == []


def test_superior_sites_do_not_go_round_in_circles(db):
    rows = (
        row(1, parent_code="test2"),
        row(2, parent_code="test3"),
        row(3, parent_code="test1"),
        row(4, parent_code="test1"),
    )
    assert faults_of(*rows) == [(2, "上级站点"), (3, "上级站点"), (4, "上级站点")]
    assert "test1 → test2 → test3 → test1" in reasons_of(*rows)


def test_a_site_that_is_there_already_is_passed_over_when_the_row_says_the_same(db):
    [one] = check_rows(table_of(row(1, parent_code="alpha")).rows)
    open_site(one.new, acting_user=None)
    [again] = check_rows(table_of(row(1, parent_code="alpha")).rows)
    assert (again.state, again.tenant) == ("same", Tenant.objects.get(code="test1"))


@pytest.mark.parametrize(
    ("changed", "heading"),
    [
        ({"full_name": "云江省另一个县人民政府"}, "网站全称"),
        ({"level": "市级", "theme": "county"}, "层级"),
        ({"host": "another.localhost"}, "公众访问域名"),
        ({"parent_code": ""}, "上级站点"),
        ({"contact": "0000-1111111"}, "联系方式"),
    ],
)
def test_a_site_that_is_there_with_other_facts_is_a_fault(db, changed, heading):
    same = {"parent_code": "alpha", "organiser": "测试县人民政府办公室", "short_name": "测试县"}
    [one] = check_rows(table_of(row(1, **same)).rows)
    open_site(one.new, acting_user=None)
    assert faults_of(row(1, **{**same, **changed})) == [(2, heading)]


def test_a_table_of_any_length_takes_the_same_statements(db):
    counts = []
    Tenant.objects.first()  # the search path is sent with the first statement
    for size in (1, 300):
        rows = table_of(*(row(number, parent_code="alpha") for number in range(size))).rows
        with CaptureQueriesContext(connection) as captured:
            assert all(one.state == "waiting" for one in check_rows(rows))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_table_in_chinese_is_understood_whatever_language_the_operator_reads(db):
    with translation.override("en"):
        assert faults_of(row(1, kind="门户网站", level="县", theme="县区")) == []
