"""The sheet of console addresses: by its URL name, each address that somebody may use at all, and in which roles.

What is not named here does not exist in the console: a new address of ours, or one that a new version of Wagtail
brings, is closed until somebody writes down whose work it is. ``govplatform.console.admission`` asks this sheet before
every view. What a role may do with the things behind an address is asked there, by the screen or by Wagtail's
permission testers; a site administrator, who arranges columns and reads no draft
(《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（五）项), meets pages of content in none of them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from govplatform.accounts.roles import (
    AUDITOR,
    CLERK,
    CONFIDENTIALITY_REVIEWER,
    CONTENT_REVIEWER,
    EDITOR,
    OPERATOR,
    ROLES,
    SITE_ADMIN,
    SUPERVISOR,
)

_EDITORS = frozenset({EDITOR.code})
_REVIEWERS = frozenset({CONTENT_REVIEWER.code, CONFIDENTIALITY_REVIEWER.code})
_CONTENT_REVIEWERS = frozenset({CONTENT_REVIEWER.code})
_ADMINS = frozenset({SITE_ADMIN.code})
_AUDITORS = frozenset({AUDITOR.code})
_CLERKS = frozenset({CLERK.code})
_OPERATORS = frozenset({OPERATOR.code})
_SUPERVISORS = frozenset({SUPERVISOR.code})
_PLATFORM = _OPERATORS | _SUPERVISORS
_DRAFT_READERS = _EDITORS | _REVIEWERS
_ALL = frozenset(ROLES)

#: Asked for by people who are not signed in yet, or only half.
OPEN = frozenset(
    {
        "console_root",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        # Asked by a page whose reader may have been signed out meanwhile.
        "session_state",
        "second_factor_check",
        "second_factor_setup",
        "new_password",
        # The owner of an account that has no password yet; and whoever has no role yet, but is offered one.
        "start",
        "own_offers",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
    }
)

_OWN_DESK = (
    "wagtailadmin_home",
    "waiting",
    "waiting_count",
    "wagtailadmin_account",
    "wagtailadmin_dismissibles",
    "second_factor_recovery_codes",
)
_TREE = (
    "wagtailadmin_explore_root",
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_api:pages:detail",
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_pages:search",
    "wagtailadmin_pages:search_results",
)
_PAGES = (
    "page_create",
    "page_edit",
    "page_revert",
    "page_move",
    "wagtail_bulk_action",
    "wagtailadmin_pages:preview_on_add",
    "wagtailadmin_pages:preview_on_edit",
    "wagtailadmin_pages:add_subpage",
    "wagtailadmin_pages:choose_parent",
    "wagtailadmin_pages:delete",
    "wagtailadmin_pages:unpublish",
    "wagtailadmin_pages:move",
    "wagtailadmin_pages:move_confirm",
    "wagtailadmin_pages:set_page_position",
    "wagtailadmin_editing_sessions:ping",
    "wagtailadmin_editing_sessions:release",
)
_OLDER_VERSIONS = (
    "wagtailadmin_pages:view_draft",
    "wagtailadmin_pages:revisions_index",
    "wagtailadmin_pages:revisions_view",
    "wagtailadmin_pages:revisions_compare",
    "wagtailadmin_pages:history",
    "wagtailadmin_pages:history_results",
)
_WORKFLOWS = ("wagtailadmin_pages:workflow_history", "wagtailadmin_pages:workflow_history_detail")
_WRITING = (
    "wagtailadmin_choose_page_chosen_multiple",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_choose_page_anchor_link",
    "wagtailadmin_tag_autocomplete",
    "wagtailadmin_tag_model_autocomplete",
    "wagtailadmin_block_preview",
    "library_repost",
    "reposts_choose",
    "reposts_adopt",
    "documents_in_upload",
    "documents_in_begin",
    "documents_in_batch",
    "documents_in_add",
    "documents_in_make",
    "documents_in_drop",
    "documents_in_typed",
    "documents_in_state",
    "documents_in_submit",
    "documents_in_retry",
    "documents_in_original",
    "documents_in_compared",
    "documents_in_repeats",
    "writing_paste",
    "writing_unpaste",
    "writing_tidy",
    "writing_check",
    "writing_upload",
    "writing_picture",
    "writing_shape",
    "writing_place",
    "writing_pin",
    "writing_listing",
    "home_recommend",
    "home_proposals",
    "writing_batch",
    "writing_copy",
    "page_copy",
    "review_mask",
    "review_take_back",
    "review_emergency",
)
#: Pictures and documents of the site, those of drafts among them.
_FILES = (
    "wagtailadmin_api:images:listing",
    "wagtailadmin_api:images:detail",
    "wagtailadmin_api:documents:listing",
    "wagtailadmin_api:documents:detail",
    "wagtailimages_chooser:choose",
    "wagtailimages_chooser:choose_results",
    "wagtailimages_chooser:chosen",
    "wagtailimages_chooser:chosen_multiple",
    "wagtailimages_chooser:create",
    "wagtailimages_chooser:select_format",
    "wagtaildocs_chooser:choose",
    "wagtaildocs_chooser:choose_results",
    "wagtaildocs_chooser:chosen",
    "wagtaildocs_chooser:chosen_multiple",
    "wagtaildocs_chooser:create",
    "wagtailimages:index",
    "wagtailimages:index_results",
    "wagtailimages:add",
    "wagtailimages:edit",
    "wagtailimages:delete",
    "wagtailimages:preview",
    "wagtailimages:image_usage",
    "wagtailimages:add_multiple",
    "wagtailimages:edit_multiple",
    "wagtailimages:create_multiple_from_uploaded_image",
    "wagtailimages:delete_multiple",
    "wagtailimages:delete_upload_multiple",
    "wagtaildocs:index",
    "wagtaildocs:index_results",
    "wagtaildocs:add",
    "wagtaildocs:edit",
    "wagtaildocs:delete",
    "wagtaildocs:add_multiple",
    "wagtaildocs:edit_multiple",
    "wagtaildocs:create_multiple_from_uploaded_document",
    "wagtaildocs:delete_multiple",
    "wagtaildocs:delete_upload_multiple",
    "wagtaildocs:document_usage",
    "wagtailadmin_pages:usage",
)
_SEEN_UNDER_REVIEW = (
    "wagtaildocs_serve",
    "console_media",
    "reposts_file",
    "review_published",
    "review_page",
    "review_preview",
    "review_scan",
)
_REVIEWING = (
    "absence",
    "review_queue",
    "review_claim",
    "review_hand_over",
    "review_rescan_item",
    "review_sheets",
    "review_sheet",
    "review_withdraw",
)
_WORDS = (
    "dictionary",
    "dictionary_add",
    "dictionary_word",
    "dictionary_allowed",
    "dictionary_import",
    "dictionary_preview",
    "dictionary_export",
)
_LIBRARY = (
    "library_browse",
    "library_resource",
    "library_compare",
    "library_export",
    "library_rendered",
    "library_file",
)
_VOCABULARIES_READ = (
    "vocabularies",
    "vocabularies_suggest",
    "vocabularies_tree",
    "vocabularies_term",
    "vocabularies_export",
)
_VOCABULARIES_KEPT = (
    "vocabularies_add",
    "vocabularies_import",
    "vocabularies_shift",
    "vocabularies_retire",
    "vocabularies_merge",
    "vocabularies_reclassify",
    "vocabularies_reclassification",
)
_PUSHES_READ = ("pushes", "pushes_push", "pushes_recalls", "pushes_recall")
_PUSHING = ("pushes_new", "pushes_new_recall")
_AFTERWARDS = ("review_rescans", "review_followups", "review_look_again")
_PEOPLE = ("people", "people_new", "people_person")
_SITE_SETTINGS = (
    "site_settings",
    "site_settings_columns",
    "site_settings_column",
    "site_settings_home",
    "site_settings_writers",
    "site_settings_rows",
)
_OVERSIGHT = (
    "rule_packs",
    "rule_pack",
    "account_resets",
    "library_statistics",
    "library_statistics_export",
    "lifecycle_sites",
    "lifecycle_faults",
    "lifecycle_queues",
    "lifecycle_merge_plan",
    "lifecycle_dumps",
    "lifecycle_dump",
    "lifecycle_ending",
    "lifecycle_return",
    "archives",
    "archive",
    "archive_bag",
    "archive_wacz",
    "arrivals_of_sites",
    "arrival_of_site",
    "arrival_of_site_report",
    "harvesting",
    "harvesting_add",
    "harvesting_source",
    "harvesting_run",
    "harvesting_state",
    "harvesting_change",
    "harvesting_stop",
    "harvesting_remove",
)
_OPERATING = (
    "consequences",
    "ledger",
    "ledger_address",
    "ledger_unknown",
    "ledger_hosts",
    "ledger_rules",
    "ledger_host_rules",
    "ledger_import",
    "ledger_import_preview",
    "lifecycle_new_site",
    "lifecycle_site_record",
    "lifecycle_restore",
    "lifecycle_opening",
    "lifecycle_new_batch",
    "lifecycle_batch_template",
    "lifecycle_batch",
    "lifecycle_batch_faults",
)

#: What is written from these screens lies in the schema of the site: on a frozen one they are only read.
WRITING_IN_THE_SITE = frozenset(
    {
        *_PAGES,
        *_WRITING,
        *_FILES,
        *_SEEN_UNDER_REVIEW,
        *_REVIEWING,
        *_AFTERWARDS,
        *_SITE_SETTINGS,
        "arrivals",
        "arrival",
        "arrival_rules",
        "documents_in_left",
        "services_import",
        "interview",
        "interview_questions",
        "frame_texts",
        "frame_text",
    }
) - {"absence"}

#: (roles, names): who may use what.
_SHEET = (
    (_ALL, _OWN_DESK),
    (_EDITORS | _ADMINS, _TREE),
    (_EDITORS | _ADMINS, _PAGES),
    (_DRAFT_READERS | _ADMINS, _OLDER_VERSIONS),
    (_DRAFT_READERS, _WORKFLOWS),
    (_EDITORS, _WRITING),
    (_EDITORS, _FILES),
    (_DRAFT_READERS, _SEEN_UNDER_REVIEW),
    (_DRAFT_READERS, ("writing_calendar",)),
    (_CLERKS | _EDITORS | _SUPERVISORS, ("cases",)),
    (_SUPERVISORS, ("case_sites",)),
    (_CLERKS | _EDITORS, ("case", "case_print")),
    (_CLERKS | _EDITORS, ("disclosure_statistics",)),
    (_EDITORS, ("case_replies",)),
    (_CLERKS, ("case_units",)),
    (_PLATFORM, ("retention", "pass_desk")),
    (_EDITORS | _CONTENT_REVIEWERS, ("question_base",)),
    (_CLERKS, ("error_exchange",)),
    (_EDITORS | _CONTENT_REVIEWERS | _ADMINS, ("services",)),
    (_EDITORS, ("services_import", "services_table")),
    (_DRAFT_READERS, ("interviews", "interview")),
    (_EDITORS, ("interview_questions",)),
    (_EDITORS | _CONTENT_REVIEWERS, ("surveys", "survey")),
    (_DRAFT_READERS | _ADMINS, ("arrivals", "arrival", "arrival_report")),
    (_EDITORS | _ADMINS, ("arrival_rules", "arrival_try", "arrival_rules_file")),
    (_REVIEWERS, _REVIEWING),
    (_REVIEWERS | _PLATFORM, _WORDS),
    (_DRAFT_READERS | _PLATFORM, _LIBRARY),
    (_EDITORS | _CONTENT_REVIEWERS | _PLATFORM, ("library_import",)),
    (_ALL, _VOCABULARIES_READ),
    (_PLATFORM, _VOCABULARIES_KEPT),
    (_REVIEWERS | _ADMINS | _PLATFORM, _PUSHES_READ),
    (_CONTENT_REVIEWERS | _SUPERVISORS, _PUSHING),
    (_DRAFT_READERS | _ADMINS, ("pushes_incoming", "pushes_standing")),
    (_REVIEWERS | _SUPERVISORS, _AFTERWARDS),
    (_CONTENT_REVIEWERS | _ADMINS | _PLATFORM, ("frame_texts", "frame_text")),
    (_SUPERVISORS, ("review_withdraw_at_once",)),
    (_ADMINS | _OPERATORS, _PEOPLE),
    (_ADMINS | _PLATFORM, ("offers_to_confirm",)),
    (_SUPERVISORS, ("identity_acts",)),
    (_ADMINS, ("library_pattern", "library_pattern_preview")),
    (_ADMINS, ("search_statistics", "search_statistics_export")),
    (_AUDITORS, ("audit_timeline", "audit_export")),
    (_AUDITORS | _DRAFT_READERS | _SUPERVISORS, ("documents", "document_record")),
    (_ADMINS, _SITE_SETTINGS),
    (_ADMINS, ("documents_in_left",)),
    (_ADMINS | _CONTENT_REVIEWERS, ("frame_picture",)),
    (_PLATFORM, _OVERSIGHT),
    (_PLATFORM, ("synonyms", "synonyms_add", "synonyms_group", "search_upkeep")),
    (_OPERATORS, _OPERATING),
    (
        _ADMINS | _PLATFORM,
        (
            "site_applications",
            "site_application",
            "site_application_paper",
            "lifecycle_merges",
            "lifecycle_merge",
        ),
    ),
    (_ADMINS | _OPERATORS, ("site_application_new",)),
    (_ADMINS | _PLATFORM, ("deliveries", "site_delivery")),
)

#: URL name -> codes of the roles that may use it.
ROLES_BY_NAME: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: roles for roles, names in _SHEET for name in names}
)
