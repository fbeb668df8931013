"""The sheet of a site's tables: what is carried by a merge and how, what is found there by name, what is left, and why.

Every model of a site's schema stands here once; a test compares (tests/lifecycle/merge/test_sheet.py). A new model
gets its line with the change that brings it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Conditions and values are SQL over ``s``, the row in the source, and the temporary tables of ``numbers.py``:
#: ``m_page`` (old, new, is_row), ``m_offset`` is spelled ``{offset:Label}``.
IS_PAGE = "s.{column} IN (SELECT old FROM pg_temp.m_page WHERE is_row)"
_OF_PAGE = IS_PAGE.format(column="page_id")
_FILE = (
    "CASE s.{kind} WHEN 'image' THEN s.{number} + {{offset:media.SiteImage}}"
    " WHEN 'document' THEN s.{number} + {{offset:media.SiteDocument}} ELSE s.{number} END"
)
#: By the key of the table: a comparison of texts would go through all pages for each row.
_NAMED_PAGE = "(SELECT m.new::text FROM pg_temp.m_page m WHERE m.old = s.object_id::int)"
_PAGES_ROWS = (
    "s.{content_type} IN (SELECT old FROM pg_temp.m_kind WHERE is_page)"
    " AND s.object_id IN (SELECT old::text FROM pg_temp.m_page WHERE is_row)"
)

#: Two columns of the source may be one column there: a page stands in it once.
_FIRST_IN_COLUMN = (
    _OF_PAGE + " AND NOT EXISTS (SELECT 1 FROM {{source}}.{table} o"
    " JOIN pg_temp.m_page before ON before.old = o.column_id JOIN pg_temp.m_page now ON now.old = s.column_id"
    " WHERE o.page_id = s.page_id AND before.new = now.new AND o.id < s.id)"
)


@dataclass(frozen=True)
class Carried:
    """A table whose rows are carried. ``rows``: which; ``columns``: name -> its value there, where no key says it.

    Keys of the table and foreign keys follow by themselves. ``by_hand``: its rows are written by the module that it
    names, not by the statement of this sheet.
    """

    model: str
    rows: str = "true"
    columns: Mapping[str, str] = field(default_factory=dict)
    by_hand: str = ""


@dataclass(frozen=True)
class Found:
    """A table whose rows the destination has, or is given, under the same name."""

    model: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Left:
    """A table whose rows stay. ``reason``: for who reads the proof; '' where there is nothing that anybody misses."""

    model: str
    reason: Promise | str = ""


_HERE = "(SELECT old FROM pg_temp.m_page WHERE is_row)"
_SCAN = f"s.scan_id IN (SELECT c.id FROM {{source}}.confidentiality_scan c WHERE c.page_id IN {_HERE})"
_CLEARANCE = f"s.clearance_id IN (SELECT c.id FROM {{source}}.review_clearance c WHERE c.page_id IN {_HERE})"
_TASK_STATE = (
    "s.workflow_state_id IN (SELECT w.id FROM {source}.wagtailcore_workflowstate w WHERE "
    + _PAGES_ROWS.replace("s.", "w.").format(content_type="base_content_type_id")
    + ")"
)
_THING = "(SELECT i.new FROM pg_temp.m_thing i WHERE i.kind = s.{kind} AND i.old = s.{number}{carried})"
_REFERRER = _THING.format(kind="base_content_type_id", number="object_id", carried=" AND i.is_row")
#: What is referred to may have been in the destination before.
_REFERRED = _THING.format(kind="to_content_type_id", number="to_object_id", carried="")
_INDEXED = _THING.format(kind="content_type_id", number="object_id", carried=" AND i.is_row")

#: Rows that come by themselves where people only look at carried pages or write in them: taken back, they go unasked.
NOBODY_MISSES = ("media.SiteRendition", "wagtailcore.PageSubscription")

#: In the order in which they are written.
SHEET: tuple[Carried | Found | Left, ...] = (
    # --- what both sites have ---------------------------------------------------------------
    Found("contenttypes.ContentType", ("app_label", "model")),
    Found("wagtailcore.Locale", ("language_code",)),
    Found("wagtailcore.Workflow", ("name",)),
    Found("wagtailcore.Task", ("name",)),
    Found("taggit.Tag", ("name",)),
    Left("auth.Permission"),
    Left("auth.Group"),
    Left("auth.Group_permissions"),
    Left("site_roles.UserGroup"),
    Left("site_roles.UserPermission"),
    Left("wagtailcore.Site"),
    Left("wagtailcore.GroupSitePermission"),
    Left("wagtailcore.GroupCollectionPermission"),
    Left("wagtailcore.GroupPagePermission"),
    Left("wagtailcore.WorkflowContentType"),
    Left("wagtailcore.WorkflowTask"),
    Left("wagtailcore.WorkflowPage"),
    Left("wagtailcore.GroupApprovalTask"),
    Left("wagtailcore.GroupApprovalTask_groups"),
    Left("review.ContentReviewTask"),
    Left("review.ConfidentialityReviewTask"),
    Left("wagtailadmin.Admin"),
    Left("wagtailusers.UserProfile"),
    Left("writing.PastedPicture"),
    Left("columns.Department", _("写稿范围由并入站点的管理员给。")),
    Left("columns.DepartmentMember"),
    Left("columns.WritingRight", _("写稿范围由并入站点的管理员给。")),
    Left("home.HomePage", _("并入站点有自己的首页；原首页的地址跳转到并入的频道。")),
    Left("home.Recommended", _("推荐的是原首页；并入站点的首页由它的编辑推荐。")),
    # --- files ------------------------------------------------------------------------------
    Carried("wagtailcore.Collection", by_hand="places"),
    Left("wagtailcore.CollectionViewRestriction"),
    Left("wagtailcore.CollectionViewRestriction_groups"),
    Carried("media.SiteImage", columns={"file": "(SELECT f.new FROM pg_temp.m_file f WHERE f.old = s.file)"}),
    Carried("media.SiteDocument", columns={"file": "(SELECT f.new FROM pg_temp.m_file f WHERE f.old = s.file)"}),
    Carried("media.SiteRendition", columns={"file": "(SELECT f.new FROM pg_temp.m_file f WHERE f.old = s.file)"}),
    Carried(
        "confidentiality.PublicCopy",
        columns={
            "file": "(SELECT f.new FROM pg_temp.m_file f WHERE f.old = s.file)",
            "object_id": _FILE.format(kind="kind", number="object_id"),
        },
    ),
    Left("wagtailimages.Image"),
    Left("wagtailimages.Rendition"),
    Left("wagtaildocs.Document"),
    Left("wagtailcore.UploadedFile"),
    Carried(
        "taggit.TaggedItem",
        "s.content_type_id IN (SELECT old FROM pg_temp.m_kind WHERE kind IN ('media.siteimage', 'media.sitedocument'))",
        {
            "object_id": "s.object_id + CASE (SELECT kind FROM pg_temp.m_kind WHERE old = s.content_type_id)"
            " WHEN 'media.siteimage' THEN {offset:media.SiteImage} ELSE {offset:media.SiteDocument} END"
        },
    ),
    # --- pages ------------------------------------------------------------------------------
    Carried("wagtailcore.Page", IS_PAGE.format(column="id"), by_hand="contents"),
    Carried("columns.Column", by_hand="contents"),
    Carried("articles.Article", by_hand="contents"),
    Carried("articles.TopicPage", by_hand="contents"),
    Carried("policies.PolicyDocument", by_hand="contents"),
    Carried("policies.Interpretation", by_hand="contents"),
    Carried("offices.Leader", by_hand="contents"),
    Carried("offices.Institution", by_hand="contents"),
    Carried("disclosure.DisclosureGuide", by_hand="contents"),
    Carried("disclosure.AnnualReport", by_hand="contents"),
    Carried("statistics.StatisticsBulletin", by_hand="contents"),
    Carried("services.ServiceItem", by_hand="contents"),
    Carried("interviews.InterviewPage", by_hand="contents"),
    Left("interviews.Session", _("现场文字留在原站点；发布了的实录随页面迁入。")),
    Left("interviews.Entry"),
    Left("interviews.EntryVersion"),
    Left("interviews.Question", _("网友提问留在原站点，随原站点的数据库一并删除。")),
    Carried("interaction.PublicReply", by_hand="contents"),
    Carried("interaction.PrivateReply", by_hand="contents"),
    Carried("interaction.QuestionEntry", by_hand="contents"),
    Carried("surveys.Survey", by_hand="contents"),
    Carried("reposts.RepostPage", by_hand="contents"),
    Carried(
        "wagtailcore.Revision",
        _PAGES_ROWS.format(content_type="base_content_type_id"),
        {
            "object_id": _NAMED_PAGE,
            "content": "(SELECT r.content FROM pg_temp.m_revision r WHERE r.old = s.id)",
        },
    ),
    Left("wagtailcore.PageViewRestriction"),
    Left("wagtailcore.PageViewRestriction_groups"),
    Carried("columns.Pin", _FIRST_IN_COLUMN.format(table="columns_pin")),
    Carried("columns.Listing", _FIRST_IN_COLUMN.format(table="columns_listing")),
    Carried("surveys.Answer", IS_PAGE.format(column="survey_id")),
    Carried("surveys.SaidText", IS_PAGE.format(column="survey_id")),
    # Or whoever has answered could answer once more. The salt goes along, so that the hash of an address stays what it
    # was; they are dropped on both sites when the survey is over.
    Carried("surveys.SurveySalt", IS_PAGE.format(column="survey_id")),
    Carried("surveys.SurveySender", IS_PAGE.format(column="survey_id")),
    # --- their history ----------------------------------------------------------------------
    Carried(
        "wagtailcore.WorkflowState",
        _PAGES_ROWS.format(content_type="base_content_type_id"),
        {"object_id": _NAMED_PAGE},
    ),
    Carried("wagtailcore.TaskState", _TASK_STATE),
    Carried(
        "review.Claim",
        "s.task_state_id IN (SELECT s.id FROM {source}.wagtailcore_taskstate s WHERE " + _TASK_STATE + ")",
    ),
    Carried("wagtailcore.PageLogEntry", _OF_PAGE),
    Carried(
        "wagtailcore.ModelLogEntry",
        "s.content_type_id IN (SELECT old FROM pg_temp.m_kind WHERE kind IN ('media.siteimage', 'media.sitedocument'))",
        {
            "object_id": "(s.object_id::bigint + CASE (SELECT kind FROM pg_temp.m_kind WHERE old = s.content_type_id)"
            " WHEN 'media.siteimage' THEN {offset:media.SiteImage} ELSE {offset:media.SiteDocument} END)::text"
        },
    ),
    Carried("wagtailcore.Comment", _OF_PAGE),
    Carried(
        "wagtailcore.CommentReply",
        "s.comment_id IN (SELECT s.id FROM {source}.wagtailcore_comment s WHERE " + _OF_PAGE + ")",
    ),
    Left("wagtailcore.PageSubscription"),
    # --- scans and decisions ----------------------------------------------------------------
    Carried("confidentiality.Scan", _OF_PAGE),
    Carried(
        "confidentiality.Finding",
        _SCAN,
        {"attachment_id": _FILE.format(kind="attachment_kind", number="attachment_id")},
    ),
    Carried(
        "confidentiality.ScannedPart",
        _SCAN,
        {"attachment_id": _FILE.format(kind="attachment_kind", number="attachment_id")},
    ),
    Carried(
        "confidentiality.ScannedFile",
        _SCAN,
        {"attachment_id": _FILE.format(kind="attachment_kind", number="attachment_id")},
    ),
    Carried("confidentiality.Disposition", _OF_PAGE),
    Carried("review.Submission", _OF_PAGE),
    Carried("review.Decision", _OF_PAGE),
    Carried(
        "review.Clearance",
        _OF_PAGE,
        {"digest": "coalesce((SELECT t.digest FROM pg_temp.m_transfer t WHERE t.clearance = s.id), s.digest)"},
    ),
    Carried(
        "review.ClearedFile",
        _CLEARANCE,
        {
            "object_id": _FILE.format(kind="kind", number="object_id"),
            "name": "coalesce((SELECT f.new FROM pg_temp.m_file f WHERE f.old = s.name), s.name)",
        },
    ),
    Carried("review.TransferredClearance", _CLEARANCE),
    Carried("review.AfterReview", _OF_PAGE),
    Carried("review.Withdrawal", _OF_PAGE),
    Carried(
        "review.WithdrawalConfirmation",
        "s.withdrawal_id IN (SELECT s.id FROM {source}.review_withdrawal s WHERE " + _OF_PAGE + ")",
    ),
    # A walk over the pages of the source ends with it: nobody will go on with it there.
    Carried(
        "review.RescanRun",
        columns={
            "state": "CASE WHEN s.state IN ('queued', 'running') THEN 'broken' ELSE s.state END",
            "finished_at": "CASE WHEN s.state IN ('queued', 'running') THEN now() ELSE s.finished_at END",
        },
    ),
    Carried("review.RescanFinding", _OF_PAGE),
    Carried(
        "review.FrameClearance",
        "s.kind = 'columns.column' AND " + IS_PAGE.format(column="object_id"),
        {"object_id": "(SELECT m.new FROM pg_temp.m_page m WHERE m.old = s.object_id)", "proposal_id": "NULL"},
    ),
    Left("review.FrameProposal", _("框架文字改动的记录属于原站的栏目管理，随站点的备份保存。")),
    # --- what is made of them ---------------------------------------------------------------
    Carried(
        "wagtailcore.ReferenceIndex",
        f"{_REFERRER} IS NOT NULL AND {_REFERRED} IS NOT NULL",
        {"object_id": _REFERRER, "to_object_id": _REFERRED},
    ),
    Carried("wagtailsearch.IndexEntry", f"{_INDEXED} IS NOT NULL", {"object_id": _INDEXED}),
    Carried(
        "wagtailembeds.Embed", "NOT EXISTS (SELECT 1 FROM {destination}.wagtailembeds_embed e WHERE e.hash = s.hash)"
    ),
    # --- work in progress of the closing site -----------------------------------------------
    Left("wagtailadmin.EditingSession"),
    Left("wagtailadmin.FormState"),
    Left("wagtailforms.FormSubmission"),
    Left("documents_in.ImportBatch", _("文件导入的记录随站点的备份保存。")),
    Left("documents_in.ImportItem"),
    Left("arrivals.Arrival", _("旧站迁入的记录随站点的备份保存。")),
    Left("arrivals.OldAddress"),
    Left("arrivals.SurveyedAddress"),
    Left("arrivals.HistoricalClearance"),
)


def carried() -> list[Carried]:
    """Return the tables that are carried, in the order in which they are written."""
    return [line for line in SHEET if isinstance(line, Carried)]


def found() -> list[Found]:
    """Return the tables whose rows are found by name."""
    return [line for line in SHEET if isinstance(line, Found)]
