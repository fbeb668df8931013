"""The sheet of consequences: what follows each event, in the order in which it is carried out.

Read the sheet from top to bottom. A line is a plain call with two words about it:

* **when**: ``in_transaction`` before the act commits, so both are there or neither; ``on_commit`` by the same process
  right after the commit; ``job`` by a worker.
* **if it fails**: ``ABORTS`` the act; is ``RETRIED`` with growing pauses while the act stands; is ``RECORDED`` for an
  operator, and the next line is carried out.

A call takes those facts of the event which it names as parameters. What is done after the commit is kept as a row
until it is done (``govplatform.consequences``): it gets what the call behind ``given`` makes of the facts, and there
is no row when that is None. The start of the platform checks every line (docs/features/consequences.md).
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from content_library.distribution.events import MirrorFellBehind
from content_library.distribution.pushes.columns import follow_renamed_column
from content_library.distribution.pushes.watching import end_duty, note_rejection
from content_library.distribution.recalls.actions import end_corrected, end_restored, open_recall
from content_library.distribution.subscriptions import deliver_to_subscribers, subscribers_to_serve
from content_library.outward.telling import tell_of_opening
from content_library.resources.actions import enter_page, withdraw_expired, withdraw_with_page
from content_library.resources.changes import begin_order_anew
from content_library.resources.events import (
    ResourceRestored,
    ResourcesReclassified,
    ResourceWithdrawn,
    SourceMoved,
    VersionEntered,
)
from content_library.resources.moved_sites import addresses_to_move, move_addresses
from content_library.resources.moving import move_library_addresses
from content_library.vocabularies.events import TermChanged
from govplatform.accounts.groups import prepare_groups
from govplatform.cases.attachments import files_to_scan, scan_files
from govplatform.cases.events import CaseEnded, CaseMovedOn, FilesSent
from govplatform.cases.mail import mail_of_act, mail_sender, sender_to_mail, sender_to_mail_of
from govplatform.confidentiality.events import OriginalDeleted
from govplatform.confidentiality.public_copies import copies_to_remove, forget_copies, remove_copies
from govplatform.consequences.lines import in_transaction, job, on_commit
from govplatform.dictionaries.events import DictionaryChanged
from govplatform.events.sheet import ABORTS, RECORDED, RETRIED, Sheet
from govplatform.lifecycle.events import ApplicationDecided, PlatformRestored, SiteMoved, SiteReturned
from govplatform.lifecycle.notices.actions import note_cleared, note_taken_down, notices_to_put_up, put_up_notices
from govplatform.lifecycle.states.actions import carry_out, carry_out_with_page, to_carry_out, to_carry_out_with
from govplatform.review.events import (
    FrameSaved,
    FrameShown,
    PageCleared,
    PageCopied,
    PageDeleted,
    PageExpired,
    PageRejected,
    PageSubmitted,
    PageWithdrawn,
    ReviewTakenBack,
    UnshownPageCleared,
)
from govplatform.review.gate.workflows import prepare_workflows
from govplatform.review.rescans.closing import close_expired, close_fixed, close_withdrawn
from govplatform.review.rescans.following import change_to_follow, follow_dictionary
from govplatform.tenancy.events import (
    SiteOpened,
    SiteProvisioned,
    SiteRenamed,
    SiteSaved,
    SiteStateChanged,
    TemplatePrepared,
)
from search.indexing.actions import index_below, index_each, index_resource, index_resources, index_site
from search.indexing.following import (
    foreign_to_index,
    frame_to_index,
    page_down_to_index,
    page_to_index,
    reclassified_to_index,
    resource_to_index,
    site_to_index,
)

from .address_book.delivering import (
    bake_all,
    bake_down,
    bake_frame,
    bake_given_back,
    bake_home,
    bake_letters,
    bake_list,
    bake_lists,
    bake_live_text,
    bake_new_files,
    bake_page,
    bake_reclassified,
    bake_resource,
    bake_returned,
    bake_saved_site,
    bake_showing_site,
    bake_site,
    bake_taken_back,
    bake_terms,
)
from .address_book.keeping import (
    end_expired,
    end_returned,
    end_withdrawn,
    enter_addresses,
    enter_mirrored,
    enter_new_site,
    enter_renditions,
    follow_frame,
    follow_frame_pictures,
    follow_listing,
    hold_returned,
)
from .arrivals.keeping import enter_old_addresses
from .columns.events import ListArranged, PageListed
from .documents_in.actions import carry_comparison
from .home.actions import rename_home
from .home.events import FramePicturesChanged, PageRecommended
from .home.first_pages import clear_template, plant_site
from .interaction.following import (
    note_corrected_page_down,
    note_page_corrected,
    note_page_given_back,
    note_page_handed_in,
    note_reply_cleared,
    note_reply_given_back,
    note_reply_handed_in,
    note_reply_taken_down,
)
from .interviews.events import LiveTextChanged
from .media.events import RenditionsMade
from .reposts.keeping_step import (
    ask_mirrors,
    bring_up_mirror,
    follow_return,
    forget_deleted,
    keep_provenance,
    mirror_to_bring_up,
    mirrors_to_ask,
    note_correction,
    note_down,
    note_published,
    note_returned,
    note_review,
)

_FOUND = _("更新检索文档")
_found = partial(job, index_resource, RETRIED, words=_FOUND, together=index_each)

SHEET = Sheet(
    {
        # --- a page on its way to the public -------------------------------------------------
        PageCopied: [
            # What has to be looked at before the page is handed in has to be at its copy too.
            in_transaction(carry_comparison, ABORTS),
        ],
        PageSubmitted: [
            # The library's record of a repost says how far its page is.
            in_transaction(note_review, ABORTS),
            # An answer to a letter that was passed on meanwhile goes no further.
            in_transaction(note_reply_handed_in, ABORTS),
            # What answers a report of an error stands still while the correction is looked at.
            in_transaction(note_page_handed_in, ABORTS),
        ],
        ReviewTakenBack: [
            in_transaction(note_review, ABORTS),
            in_transaction(note_reply_given_back, ABORTS),
            in_transaction(note_page_given_back, ABORTS),
        ],
        PageRejected: [
            in_transaction(note_returned, ABORTS),
            in_transaction(note_reply_given_back, ABORTS),
            in_transaction(note_page_given_back, ABORTS),
            # Who pushed the page reads why it was returned. Not worth stopping a reviewer for.
            in_transaction(note_rejection, RECORDED, words=_("把退回意见告知推送方")),
        ],
        PageCleared: [
            # 先入库、再使用: whatever is live is in the library with the same commit.
            in_transaction(enter_page, ABORTS),
            # Findings of a rescan that the new version no longer has are fixed.
            in_transaction(close_fixed, ABORTS),
            # A repost shows what was cleared, unless its source was taken back meanwhile: then nothing is published.
            in_transaction(note_published, ABORTS),
            # A push has been done with it, and nobody is reminded any more. Behind reposts: the order of decision 018.
            in_transaction(end_duty, ABORTS),
            # Where the page is, and where it was, with the commit that makes it public.
            in_transaction(enter_addresses, ABORTS),
            # Of a page that came from outside: where it was on its old site.
            in_transaction(enter_old_addresses, ABORTS),
            # A notice of a site's life is up: what waited for it goes on, on whichever site that is.
            in_transaction(note_cleared, ABORTS),
            # The letter that it answers is answered with the same commit.
            in_transaction(note_reply_cleared, ABORTS),
            # Reports of an error that it corrects are answered with the same commit.
            in_transaction(note_page_corrected, ABORTS),
            on_commit(
                carry_out_with_page,
                RETRIED,
                given=to_carry_out_with,
                words=_("公告发布后办理网站开通、变更、下线或关停"),
            ),
            # It is found from now on, as it is now. Each such line looks at what is true when it runs.
            _found(given=page_to_index),
            # Files that show it are rendered again.
            in_transaction(bake_page, ABORTS),
            in_transaction(bake_letters, ABORTS),
        ],
        UnshownPageCleared: [in_transaction(note_reply_cleared, ABORTS)],
        FilesSent: [
            # In quarantine until then: nobody opens them.
            job(scan_files, RETRIED, given=files_to_scan, words=_("检查来信的附件")),
        ],
        CaseMovedOn: [
            # Accepted, extended, to be completed or paid: as below.
            job(mail_of_act, RETRIED, given=sender_to_mail_of, words=_("通知来信人办理进展")),
        ],
        CaseEnded: [
            # Told by mail where an address was given; the mail server may be away.
            job(mail_sender, RETRIED, given=sender_to_mail, words=_("通知来信人已办结")),
        ],
        FrameShown: [
            # A column that was renamed or moved takes everything below it along; the old addresses lead there.
            in_transaction(move_library_addresses, ABORTS),
            in_transaction(follow_renamed_column, ABORTS),
            in_transaction(follow_frame, ABORTS),
            job(index_below, RETRIED, given=frame_to_index, words=_FOUND),
        ],
        # --- and back ------------------------------------------------------------------------
        PageWithdrawn: [
            # With the resource every repost is gone, see ResourceWithdrawn.
            in_transaction(withdraw_with_page, ABORTS),
            in_transaction(close_withdrawn, ABORTS),
            in_transaction(note_down, ABORTS),
            in_transaction(end_withdrawn, ABORTS),
            in_transaction(note_taken_down, ABORTS),
            in_transaction(note_reply_taken_down, ABORTS),
            # Nothing corrects it any more: the report is open again.
            in_transaction(note_corrected_page_down, ABORTS),
            in_transaction(bake_letters, ABORTS),
            # Gone from results with the commit, whatever an index still holds; the index follows.
            _found(given=page_down_to_index),
            # Its file goes before everything else.
            in_transaction(bake_down, ABORTS),
        ],
        PageExpired: [
            in_transaction(withdraw_expired, ABORTS),
            in_transaction(close_expired, ABORTS),
            in_transaction(note_down, ABORTS),
            in_transaction(end_expired, ABORTS),
            in_transaction(note_taken_down, ABORTS),
            in_transaction(note_reply_taken_down, ABORTS),
            # Nothing corrects it any more: the report is open again.
            in_transaction(note_corrected_page_down, ABORTS),
            in_transaction(bake_letters, ABORTS),
            _found(given=page_to_index),
            in_transaction(bake_down, ABORTS),
        ],
        PageDeleted: [
            # A draft of a repost that was never public leaves no record.
            in_transaction(forget_deleted, ABORTS),
        ],
        # --- a resource of the library -------------------------------------------------------
        VersionEntered: [
            # A copy records what it was made from, before it is offered to anybody.
            in_transaction(keep_provenance, ABORTS),
            in_transaction(end_corrected, ABORTS),
            # A correction: superior mirrors show it with this commit, the others are told.
            in_transaction(note_correction, ABORTS),
            # They show its pictures and attachments with the same commit.
            in_transaction(enter_mirrored, ABORTS),
            # A first version: a draft on every site that asked for its class.
            job(deliver_to_subscribers, RETRIED, given=subscribers_to_serve, words=_("为订阅的站点生成转载草稿")),
            # A correction: every other mirror, see MirrorFellBehind.
            job(ask_mirrors, RETRIED, given=mirrors_to_ask, words=_("把更正分发到各转载站点")),
            # What came from another platform is shown here by reposts alone.
            _found(given=foreign_to_index),
            # Files that show it are rendered again.
            in_transaction(bake_resource, ABORTS),
        ],
        MirrorFellBehind: [
            # The newest version goes to the reviewers of the receiving site; the old one stays up until they decide.
            job(bring_up_mirror, RETRIED, given=mirror_to_bring_up, words=_("把来源的新版本送本站审核")),
        ],
        ResourceWithdrawn: [
            # Every page that shows it owes a receipt; receipts have a state, attempts and a job of their own.
            in_transaction(open_recall, ABORTS),
            _found(given=resource_to_index),
            in_transaction(bake_taken_back, ABORTS),
        ],
        ResourceRestored: [
            in_transaction(end_restored, ABORTS),
            _found(given=resource_to_index),
            in_transaction(bake_given_back, ABORTS),
        ],
        ResourcesReclassified: [
            # They are found below their present class.
            job(index_resources, RETRIED, given=reclassified_to_index, words=_FOUND),
            in_transaction(bake_reclassified, ABORTS),
        ],
        SourceMoved: [
            # Reposts elsewhere lead to its present host.
            in_transaction(bake_showing_site, ABORTS),
        ],
        TermChanged: [
            # Files that show the word, or lists that are narrowed by it.
            in_transaction(bake_terms, ABORTS),
        ],
        # --- dictionaries --------------------------------------------------------------------
        DictionaryChanged: [
            # What is public is scanned by the new words, and what they find no more leaves the work list.
            job(follow_dictionary, RETRIED, given=change_to_follow, words=_("按改动后的词库重新扫描已公开的信息")),
        ],
        FrameSaved: [
            # Menus, lists and the home page stand on files of every page.
            in_transaction(bake_frame, ABORTS),
        ],
        LiveTextChanged: [in_transaction(bake_live_text, ABORTS)],
        ListArranged: [in_transaction(bake_list, ABORTS)],
        PageRecommended: [in_transaction(bake_home, ABORTS)],
        # --- files ---------------------------------------------------------------------------
        RenditionsMade: [
            # Sizes are made when they are first asked for; nobody knows the address of one that is not entered yet.
            in_transaction(enter_renditions, RECORDED, words=_("把新生成的图片尺寸记入网址台账")),
            in_transaction(bake_new_files, ABORTS),
        ],
        PageListed: [
            # Its lists have more numbered pages, or fewer.
            in_transaction(follow_listing, RECORDED, words=_("把栏目列表的变化记入网址台账")),
            in_transaction(bake_lists, ABORTS),
        ],
        FramePicturesChanged: [
            in_transaction(follow_frame_pictures, RECORDED, words=_("把首页和页头图片的变化记入网址台账")),
            in_transaction(bake_site, ABORTS),
        ],
        OriginalDeleted: [
            # The copies for citizens: their bytes once the deletion is final, their rows now.
            on_commit(remove_copies, RETRIED, given=copies_to_remove, words=_("删除已删文件的公众副本")),
            in_transaction(forget_copies, ABORTS),
        ],
        # --- the life of a site --------------------------------------------------------------
        ApplicationDecided: [
            # Its notices go to the reviewers of the sites on which citizens look for them.
            on_commit(put_up_notices, RETRIED, given=notices_to_put_up, words=_("生成网站事项公告并送审")),
            # What needs no notice takes effect; everything else waits until its notices are up.
            on_commit(carry_out, RETRIED, given=to_carry_out, words=_("办理已批准的网站事项")),
        ],
        SiteMoved: [
            # What the library says of the site's resources leads to its present host.
            on_commit(move_addresses, RETRIED, given=addresses_to_move, words=_("更新信息资源库中的网址")),
            # Its files lie under its present host.
            in_transaction(bake_saved_site, ABORTS),
        ],
        # --- back from a backup --------------------------------------------------------------
        SiteReturned: [
            in_transaction(hold_returned, ABORTS),
            # Its reposts are what its pages are now; those of other sites stay.
            in_transaction(follow_return, ABORTS),
            # Every address that is not public any more says why.
            in_transaction(end_returned, ABORTS),
            job(index_site, RETRIED, given=site_to_index, words=_FOUND),
            in_transaction(bake_returned, ABORTS),
        ],
        PlatformRestored: [
            # The new cluster counts transactions from the beginning.
            in_transaction(begin_order_anew, ABORTS),
            in_transaction(bake_all, ABORTS),
        ],
        # --- sites ---------------------------------------------------------------------------
        TemplatePrepared: [
            in_transaction(prepare_groups, ABORTS),
            in_transaction(prepare_workflows, ABORTS),
            in_transaction(clear_template, ABORTS),
        ],
        SiteProvisioned: [
            in_transaction(plant_site, ABORTS),
            in_transaction(enter_new_site, ABORTS),
        ],
        SiteRenamed: [
            # The home page is called like its site.
            in_transaction(rename_home, ABORTS),
        ],
        SiteSaved: [
            # Its name, its look, its state: files of a site that is not served any more go with the commit.
            in_transaction(bake_saved_site, ABORTS),
        ],
        SiteOpened: [
            # What was published while the site was being prepared is new to those who read the API from then on.
            in_transaction(tell_of_opening, ABORTS),
            job(index_site, RETRIED, given=site_to_index, words=_FOUND),
        ],
        SiteStateChanged: [
            # What only sites show that do not answer citizens is not found.
            job(index_site, RETRIED, given=site_to_index, words=_FOUND),
        ],
    }
)
