"""Everything of the product that the walk touches, by name. A package that moves changes this file alone."""

from content_library.distribution.following import follow_up
from content_library.distribution.models import PushTarget, Recall, StandingClearance, Subscription
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.columns import map_column
from content_library.distribution.pushes.upkeep import remind, take_up_again
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.standing import (
    approve_standing_clearance,
    propose_standing_clearance,
    revoke_standing_clearance,
)
from content_library.distribution.subscriptions import end_subscription, subscribe
from content_library.models import Repost, Resource
from content_library.resources.blobs import find_blob_faults
from content_library.resources.numbering import set_pattern
from content_library.resources.reclassification import bulk_reclassify, undo_reclassify
from content_library.vocabularies.actions import (
    add_term,
    merge_terms,
    move_term,
    rename_term,
    restore_term,
    retire_term,
)
from content_library.vocabularies.models import Reclassification, Term
from content_library.vocabularies.snapshot import forget_terms
from govplatform.accounts.absences import end_absence, register_absence
from govplatform.accounts.actions import create_user, deactivate_user, grant_role, revoke_role
from govplatform.accounts.models import Absence, RoleOffer, User
from govplatform.accounts.offers.actions import accept_offer, confirm_offer, decline_offer, offer_role, withdraw_offer
from govplatform.audit.actions import anchor_chains
from govplatform.audit.chain import find_chain_faults
from govplatform.dictionaries.actions import (
    add_word,
    allow_value,
    change_word,
    heed_word,
    ignore_word,
    retire_word,
    revoke_value,
)
from govplatform.dictionaries.models import AllowedValue, Word
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.findings.dispositions import dispose_finding, open_findings
from govplatform.review.frame.actions import confirm_words
from govplatform.review.frame.queries import find_frame_faults, get_proposal, stale_reasons
from govplatform.review.gate.digest import page_digest
from govplatform.review.gate.scans import current_scan, request_scan, scan_now
from govplatform.review.models import AfterReview, RescanFinding, RescanRun, Withdrawal
from govplatform.review.permissions import ADD, may_on_content
from govplatform.review.queries import find_gate_faults
from govplatform.review.rescans.actions import ask_to_correct, judge_rescan_finding, request_rescan, stop_rescan
from govplatform.review.submission.actions import decide_review, submit_for_review, take_back, withdraw_page
from govplatform.review.submission.claim_actions import claim_review, hand_over_review, release_review
from govplatform.review.submission.due_pages import publish_due_pages
from govplatform.review.submission.emergency import Emergency
from govplatform.review.submission.followups import confirm_withdrawal, judge_after_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.review.tasks import queue_waiting_scans
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.hosts import forget_hosts
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.jobs import run_in_schema
from govplatform.tenancy.models import Tenant
from sites.articles.models import Article, TopicPage
from sites.columns.actions import change_column, create_column, find_column
from sites.columns.models import Column
from sites.home.actions import pin_headline
from sites.home.models import HomePage
from sites.media.models import SiteDocument
from sites.policies.models import Interpretation, PolicyDocument
from sites.reposts.actions import adopt_newest_version, repost_resource
from sites.reposts.models import RepostPage

__all__ = [
    "ADD",
    "Absence",
    "AfterReview",
    "AllowedValue",
    "Article",
    "Column",
    "Emergency",
    "HomePage",
    "Interpretation",
    "NewSite",
    "PolicyDocument",
    "PushTarget",
    "Recall",
    "Reclassification",
    "Refused",
    "Repost",
    "RepostPage",
    "RescanFinding",
    "RescanRun",
    "Resource",
    "RoleOffer",
    "SiteDocument",
    "StandingClearance",
    "Subscription",
    "Tenant",
    "Term",
    "TopicPage",
    "User",
    "Withdrawal",
    "Word",
    "accept_offer",
    "add_term",
    "add_word",
    "adopt_newest_version",
    "allow_value",
    "anchor_chains",
    "approve_standing_clearance",
    "as_owner",
    "ask_to_correct",
    "bulk_reclassify",
    "change_column",
    "change_word",
    "claim_review",
    "confirm_offer",
    "confirm_withdrawal",
    "confirm_words",
    "create_column",
    "create_user",
    "current_scan",
    "deactivate_user",
    "decide_from_the_shell",
    "decide_review",
    "decline_offer",
    "dispose_finding",
    "end_absence",
    "end_subscription",
    "find_blob_faults",
    "find_chain_faults",
    "find_column",
    "find_frame_faults",
    "find_gate_faults",
    "find_isolation_faults",
    "follow_up",
    "forget_hosts",
    "forget_terms",
    "get_proposal",
    "grant_role",
    "hand_over_review",
    "heed_word",
    "holding",
    "ignore_word",
    "judge_after_review",
    "judge_rescan_finding",
    "map_column",
    "may_on_content",
    "merge_terms",
    "move_term",
    "offer_role",
    "open_findings",
    "open_site",
    "page_digest",
    "pin_headline",
    "propose_standing_clearance",
    "publish_due_pages",
    "push_resource",
    "queue_waiting_scans",
    "recall_resource",
    "register_absence",
    "release_review",
    "remind",
    "rename_term",
    "repost_resource",
    "request_rescan",
    "request_scan",
    "restore_term",
    "retire_term",
    "retire_word",
    "revoke_role",
    "revoke_standing_clearance",
    "revoke_value",
    "run_in_schema",
    "scan_now",
    "set_pattern",
    "stale_reasons",
    "stop_rescan",
    "submit_for_review",
    "subscribe",
    "take_back",
    "take_up_again",
    "undo_reclassify",
    "withdraw_offer",
    "withdraw_page",
]
