"""What names an acting user and asks for no right of its own, and why that is right."""

EXCEPTIONS = {
    # The record itself: whoever calls it has asked.
    "govplatform.audit.actions.record_act": "writes the row of an act that was allowed",
    "govplatform.audit.actions.record_acts": "writes the rows of acts that were allowed",
    "govplatform.audit.library_acts.record_log_entries": "mirrors what Wagtail did after its own permission check",
    "sites.interaction.error_screens.carry_out": "calls the act of that name, which asks",
    "sites.interaction.requests.screens.carry_out_on_request": "calls the act of that name, which asks",
    "sites.interaction.requests.screens.letter_response": "calls open_letter, which asks",
    # Parts of an act, called inside the transaction of one that has asked.
    "govplatform.confidentiality.actions.record_disposition": "part of judging a finding, which asks",
    "govplatform.confidentiality.actions.close_findings": "part of the last approval",
    "govplatform.review.findings.dispositions.ignore_open_warnings": "judges by dispose_finding alone, which asks",
    "govplatform.review.submission.actions.publish_cleared_revision": "the clearance is the permission",
    "govplatform.review.submission.actions.settle_published": "what follows a publication that the gate let through",
    "govplatform.review.submission.actions.submit_on_behalf": "the act that made the page from a template has asked",
    "govplatform.cases.actions.held_case": "the transaction of an act on a case, which asks inside it",
    "govplatform.cases.actions.note_step": "the step and the record of an act on a case, which has asked",
    "govplatform.review.frame.actions.change_words": "part of an act on a column, a term, a site, which asks",
    "govplatform.review.frame.page_kinds.save_arranged": "part of an act on a column or the home page, which asks",
    "content_library.vocabularies.wording.note_change": "writes down what an act on a term did, which has asked",
    "govplatform.review.frame.actions.clear_merged": "part of merging terms, which asks",
    "govplatform.lifecycle.merge.running.freeze_source": "part of request_merge, which asks",
    "sites.reposts.copying.build_copy": "builds an unsaved page; saving it is make_draft's act",
    "sites.reposts.actions.take_down": "the withdrawal at the source is the permission",
    "content_library.harvesting.taking_in.take_in": "part of a harvest, which asked when the run began",
    "content_library.distribution.pushes.selectors.select_targets": "reads; which sites a push may name, push asks",
    "sites.documents_in.drafting.create_draft": "part of acts that have asked; asks again behind the lock",
    # A scan changes nothing and decides nothing; jobs, rescans and every screen of a page start it.
    "govplatform.review.gate.scans.request_scan": "a scan changes no page and gives no answer to who asks for it",
    "govplatform.review.gate.scans.scan_now": "a scan changes no page and gives no answer to who asks for it",
    # The shell alone: no screen and no verb passes a person.
    "govplatform.accounts.actions.grant_role": "the shell's: people offer roles, by offer_role, which asks",
    "govplatform.waiting.actions.change_reminders": "the person's own settings, refused for anybody else's",
    # Parts of giving a role; the token of the link is the proof of who chooses a password with it.
    "govplatform.accounts.actions.make_member": "part of an offer that everybody agreed to, or of the shell's grant",
    "govplatform.accounts.credentials.sign_in_links.begin_account": "asks for the token of the link: the owner's",
    "govplatform.addresses.actions.enter_site": "the shell's: enters what the gate has made public already",
    "content_library.resources.actions.enter_live_pages": "the shell's: enters what the gate has cleared already",
    # One row of a table whose start was an operator's act; each site is opened by open_site, which asks.
    "govplatform.lifecycle.batches.actions.open_next_row": "opens each site by open_site, which asks",
    # Jobs of acts that have asked: an archive that was asked for is made, and looked at, hours later.
    "govplatform.archive.actions.make_archive": "makes what request_archive let through, or the shell asked for",
    "govplatform.archive.actions.verify_kept": "reads; request_verification asks",
    # Each of many transactions: it asks before it begins, and in the one that counts (tests/lifecycle/ending).
    "govplatform.lifecycle.ending.actions.dump_site": "works outside of a transaction, and asks twice",
    "govplatform.lifecycle.ending.actions.drop_site": "works outside of a transaction, and asks twice",
    "govplatform.lifecycle.ending.actions.record_dump": "the record of an act that has asked",
    "govplatform.lifecycle.ending.restoring.restore_site": "works outside of a transaction, and asks twice",
    "govplatform.lifecycle.backups.returning.return_site": "works outside of a transaction, and asks twice",
    "govplatform.lifecycle.backups.returning.preview_return": "builds schemas outside of a transaction; it asks first",
    "govplatform.lifecycle.backups.returning.carry_out_preview": "by preview_return, which asks",
    "govplatform.lifecycle.backups.frame_words.keep_words": "part of return_site, which asks",
    "govplatform.lifecycle.backups.taking.take_backup": "the shell's alone: whoever has it has the owner's login",
    "govplatform.lifecycle.ending.work.begin_at_once": "the row of an act that has asked",
    # Fictional content for the demo and the tests, made through the acts of this table.
    "sites.demo.load_dictionary.load_dictionary": "the demo's, by add_word and its like",
    "sites.demo.loading.load_columns": "the demo's, by create_column",
}
