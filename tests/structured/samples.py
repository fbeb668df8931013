"""One draft of each kind of structured page, as an editor would fill it in. Call inside a site's schema."""

from datetime import UTC, date, datetime
from typing import Any

from sites.disclosure.models import AnnualReport, DisclosureGuide
from sites.interaction.models import PrivateReply, PublicReply, QuestionEntry
from sites.interviews.models import InterviewPage
from sites.offices.models import Institution, Leader
from sites.service_guides.models import ServiceItem
from sites.statistics.models import StatisticsBulletin
from sites.surveys.models import Survey
from tests import factories

_REPLY = {
    "title": "路灯坏了", "case_number": "202600000000", "case_kind": "help", "accepted_on": "2026-03-02",
    "department": "市城市管理局",
    "question": "小区门口的路灯坏了三天。\n请派人维修。", "answer": "已经修好。",
}  # fmt: skip
#: model -> column, fields.
SAMPLES: dict[Any, tuple[str, dict[str, Any]]] = {
    Leader: (
        "leaders",
        {
            "title": "黎江澄", "post": "市人民政府市长", "summary": "领导市政府全面工作。", "list_order": 1,
            "duties": "<p>领导市人民政府全面工作，负责审计。</p>", "biography": "<p>曾任水利枢纽管理处主任。</p>",
        },
    ),
    Institution: (
        "institutions",
        {
            "title": "市水利局", "functions": "<p>管理水资源和防汛抗旱。</p>", "address": "望江大道9号",
            "office_hours": "工作日 8:30—17:30", "phone": "0000-0000415", "responsible_person": "苗时雨",
        },
    ),
    DisclosureGuide: (
        "guide",
        {
            "title": "市政府信息公开指南", "office_name": "市政务公开办公室", "address": "望江大道18号",
            "office_hours": "工作日 8:30—17:30", "phone": "0000-0000402", "fax": "0000-0000403",
            "online_contact": "本网站“依申请公开”栏目", "classification": "<p>分为八类，逐条编排索引号。</p>",
            "access": "<p>在本网站查阅。</p>", "on_request": "<p>可以在线申请。</p>",
            "supervision": "<p>可以向上级投诉。</p>",
        },
    ),
    AnnualReport: (
        "annual",
        {
            "title": "市政府2025年信息公开工作年度报告", "year": 2025, "overview": "<p>全年主动公开信息三百条。</p>",
            "problems": "<p>少数栏目更新不及时。</p>", "other_matters": "<p>收取信息处理费的情况：无。</p>",
            "figures": {
                "documents.normative.made": 37, "fees.fee.collected": "1250.50", "requests.new.person": 5,
                "requests.carried.company": 1, "requests.granted.person": 3, "requests.secret.person": 1,
                "requests.left.person": 1, "requests.otherwise.company": 1, "suits.count.review_upheld": 2,
            },
        },
    ),
    StatisticsBulletin: (
        "data",
        {
            "title": "全市2025年统计公报", "period": "2025年", "compiled_by": "市统计局",
            "overview": "<p>全年生产总值增长5.2%。</p>", "notes": "<p>本公报为初步统计数。</p>",
            "charts": [
                {
                    "type": "drawn_chart",
                    "value": {
                        "title": "生产总值", "kind": "columns", "unit": "亿元", "note": "按当年价格计算。",
                        "table": {
                            "caption": "", "header_row": True,
                            "rows": [["年份", "总值", "增加值"], ["2024年", "238.7", "99"], ["2025年", "251.9", "110"]],
                        },
                    },
                }
            ],
        },
    ),
    ServiceItem: (
        "services",
        {
            "title": "食品经营许可", "item_code": "000131010000", "organisation": "市市场监督管理局", "level": "city",
            "for_whom": "both", "life_event": "work", "enterprise_event": "permit", "summary": "先办许可再经营。",
            "basis": "<p>食品安全法第三十五条。</p>", "conditions": "<p>有相适应的场所。</p>",
            "materials": [
                {"type": "material", "value": {"name": "申请书", "form": "original", "copies": 2, "note": "盖章"}},
                {"type": "material", "value": {"name": "平面图", "form": "copy", "copies": 1, "needed": False}},
            ],
            "steps": [
                {"type": "step", "value": {"name": "受理", "limit": "1个工作日", "text": "窗口核对材料。"}},
                {"type": "step", "value": {"name": "决定", "limit": "5个工作日", "text": ""}},
            ],
            "statutory_limit": "20个工作日", "promised_limit": "6个工作日", "fees": "不收费",
            "place": "政务服务中心二楼12号窗口", "office_hours": "工作日 8:30—17:30", "phone": "0000-0000416",
            "complaint_phone": "0000-0000417", "online_address": "https://services.example.gov.cn/food",
        },
    ),
    InterviewPage: (
        "news",
        {
            "title": "稳岗就业政策", "starts_at": "2026-03-02T09:00:00+08:00", "venue": "政务服务中心一号厅",
            "host_unit": "市政府办公室", "presenter": "苗时雨",
            "introduction": "<p>围绕稳岗返还答问。</p>", "highlights": "<p>返还比例不变。</p>",
            "guests": [{"type": "guest", "value": {"name": "黎江澄", "post": "市人社局局长"}}],
        },
    ),
    Survey: (
        "news",
        {
            "title": "古树名木保护办法（草案）公开征求意见", "survey_kind": "solicitation", "organiser": "市林业局",
            "opens_at": datetime(2026, 1, 5, 1, tzinfo=UTC), "closes_at": datetime(2026, 2, 5, 9, tzinfo=UTC),
            "questions": [
                {"type": "single", "value": {"text": "是否赞成认养？", "required": False, "options": "赞成\n不赞成"}},
                {"type": "matrix", "value": {"text": "各项措施", "required": False, "rows": "挂牌\n围栏",
                                             "options": "必要\n不必要"}},
            ],
            "outcome": "<p>收到意见三十条，采纳十二条。</p>",
            "adopted": [
                {"type": "adopted", "value": {"opinion": "公布古树名录。", "people": 3, "outcome": "adopted",
                                              "reply": "已在第九条写明。"}},
            ],
        },
    ),
    PublicReply: ("news", _REPLY),
    PrivateReply: ("news", _REPLY),
    QuestionEntry: (
        "news",
        {
            "title": "居住证丢了怎么补办？", "question": "在外地也能补办吗？", "answer": "带身份证到窗口，当场补办。",
            "department": "市公安局", "look_again_on": date(2099, 1, 5),
        },
    ),
}  # fmt: skip
#: Kinds that citizens read.
SHOWN = [model for model in SAMPLES if not model.never_shown]


def draft(model: Any, site: str = "alpha", **fields: Any) -> Any:
    """A draft with everything that a review asks for; ``fields`` on top."""
    column, values = SAMPLES[model]
    column = fields.pop("column", column)
    return factories.draft_page(model, column, f"{site}_editor", **{"body": [], **values, **fields})


def live(model: Any, site: str = "alpha", **fields: Any) -> Any:
    return factories.publish(draft(model, site, **fields), site)
