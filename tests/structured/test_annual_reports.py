"""政府信息公开工作年度报告: figures are typed, sums computed, and what must balance is checked."""

import re

from govplatform.review.queries import site_path
from sites.columns.actions import create_column
from sites.disclosure.models import AnnualReport
from sites.disclosure.statutory import TABLES, laid_out
from tests import factories
from tests.structured.samples import SAMPLES, draft, live
from tests.structured.test_offices import rich, sent_with

FIGURES = SAMPLES[AnnualReport][1]["figures"]


def typed(figures):
    return {f"figures-{code}": str(value) for code, value in figures.items()}


def test_the_tables_are_full_rectangles_of_the_format():
    for table in TABLES.values():
        shown = laid_out(table, {})
        places = [*shown.head, *([*heads, *figures] for heads, figures in shown.body)]
        covered: dict[tuple[int, int], int] = {}
        for y, row in enumerate(places):
            x = 0
            for cell in row:
                while (y, x) in covered:
                    x += 1
                for dy in range(getattr(cell, "rows", 1)):
                    for dx in range(getattr(cell, "columns", 1)):
                        assert (y + dy, x + dx) not in covered, table.code
                        covered[y + dy, x + dx] = 1
                x += getattr(cell, "columns", 1)
        width = max(x for _y, x in covered) + 1
        assert len(covered) == width * len(places), table.code
    assert len(TABLES["requests"].rows) == 25


def test_figures_typed_in_the_form_are_shown_with_their_sums(alpha, console, citizen):
    editor = console("alpha_editor", "alpha")
    column = factories.column("annual")
    address = f"/admin/pages/add/disclosure/annualreport/{column.pk}/"
    html, form = sent_with(
        editor, address, title="市政府2025年信息公开工作年度报告", year="2025", overview=rich("全年公开三百条。"),
        problems=rich("更新不及时。"), other_matters=rich("无。"), summary="", **typed(FIGURES),
    )  # fmt: skip
    assert 'aria-label="三、本年度办理结果，（三）不予公开，1.属于国家秘密，自然人"' in html
    editor.post(address, form)
    page = AnnualReport.objects.get()
    assert page.figures == FIGURES
    again = editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert 'name="figures-fees.fee.collected" value="1250.50"' in again
    assert page.reasons_against_submitting() == []
    shown = citizen("alpha").get(site_path(factories.publish(page))).content.decode()
    titles = re.findall(r'class="section-title">([^<]+)<', shown)
    assert [title[0] for title in titles] == list("一二三四五六")
    assert "1250.50" in shown
    [total] = re.findall(r"（七）总计</th>(.*?)</tr>", shown)
    assert re.findall(r">(\d+)</td>", total) == ["4", "1", "0", "0", "0", "0", "5"]


def test_what_is_no_figure_is_named_and_nothing_typed_is_lost(alpha, console):
    editor = console("alpha_editor", "alpha")
    address = f"/admin/pages/add/disclosure/annualreport/{factories.column('annual').pk}/"
    wrong = {
        "figures-requests.new.person": "五件",
        "figures-documents.rules.made": "-1",
        "figures-fees.fee.collected": "1.005",
    }
    texts = {name: rich("没有。") for name in AnnualReport.SECTIONS}
    _html, form = sent_with(editor, address, title="年报", year="2025", **texts, **wrong)
    html = editor.post(address, form, follow=True).content.decode()
    for cell in ("一、本年新收政府信息公开申请数量，自然人", "规章，本年制发件数", "行政事业性收费"):
        assert cell in html
    assert 'value="五件"' in html
    assert AnnualReport.objects.get().figures == {}


def test_a_column_that_does_not_balance_is_not_handed_in(alpha):
    page = draft(AnnualReport, figures={**FIGURES, "requests.new.person": 7})
    [reason] = page.reasons_against_submitting()
    assert "“自然人”一列不平：新收加上年结转是 7 件，办理总计加结转下年是 5 件" in str(reason)


def test_there_is_one_report_a_year_and_each_leads_to_the_others(alpha, citizen):
    live(AnnualReport, title="2024年度报告", slug="r2024", year=2024)
    page = live(AnnualReport, slug="r2025")
    html = citizen("alpha").get(site_path(page)).content.decode()
    assert re.findall(r'href="/annual/(r\d+)/"', html.split("历年年报")[-1]) == ["r2025", "r2024"]
    second = draft(AnnualReport, slug="again", year=2025)
    assert "2025 年度的年报" in "".join(map(str, second.reasons_against_submitting()))
    # That of an organ whose site was merged into this one stands in a column of its own, and is another report.
    create_column("of-county", title="信息公开年报", column_type="annual", acting_user=None)
    other = draft(AnnualReport, column="of-county", slug="of-county-2025", year=2025)
    assert other.reasons_against_submitting() == []
    other = factories.publish(other, "alpha")
    html = citizen("alpha").get(site_path(other)).content.decode()
    assert "r2024" not in html.split("<main")[-1]


def test_a_year_is_written_in_full(alpha):
    assert any("请写四位年份" in reason for reason in draft(AnnualReport, year=25).reasons_against_submitting())
    assert not draft(AnnualReport, slug="whole").reasons_against_submitting()


def test_figures_are_scanned_and_the_reviewer_sees_which_changed(alpha):
    page = draft(AnnualReport)
    assert any("1250.50" in piece.text for piece in page.scan_pieces())
    panel = page.get_edit_handler().get_bound_panel(instance=page, request=None, form=None)
    other = draft(AnnualReport, slug="other", figures={**FIGURES, "requests.new.person": 8})
    found = [str(one(page, other).htmldiff()) for one in panel.get_comparison() if one(page, other).has_changed()]
    assert any(
        '一、本年新收政府信息公开申请数量，自然人：<span class="deletion">5</span> <span class="addition">8</span>'
        in html
        for html in found
    )
