"""The verb ``frame_text``: set words of the frame from the shell, and list, confirm, refuse or withdraw what waits."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words, confirm_words, refuse_words, withdraw_words
from govplatform.review.frame.kinds import FrameKind, frame_kinds, kind_named
from govplatform.review.frame.places import chains_of, console_tenant, records_of
from govplatform.review.frame.queries import describe_proposal, get_proposal, waiting_proposals
from govplatform.review.frame.texts import last_clearance
from govplatform.review.models import FrameProposal
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Words of the frame: list | set | confirm | refuse | withdraw."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        acts = ("list", "set", "confirm", "refuse", "withdraw")
        parser.add_argument("act", choices=acts, help="list, set, confirm, refuse or withdraw")
        parser.add_argument("--site", metavar="CODE", help="the site; without it, what sites share")
        parser.add_argument("--number", type=int, help="confirm, refuse, withdraw: the change, as list names it")
        parser.add_argument("--kind", default="", help="set: columns.column, for instance")
        parser.add_argument("--object", type=int, help="set: number of the object, as verify_gate names it")
        parser.add_argument("--field", default="", help="set: name of the field")
        parser.add_argument("--text", default=None, help="set: the new words; a list as JSON")
        parser.add_argument("--reason", default="", help="set: why words stay that the scan doubts")
        parser.add_argument("--opinion", default="", help="confirm, refuse: the opinion")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"]) if options["site"] else console_tenant()
        with tenant_context(tenant):
            if options["act"] == "list":
                return {"waiting": [describe_proposal(proposal) for proposal in waiting_proposals()]}
            if options["act"] == "set":
                return self._set(options)
            if options["number"] is None or not options["acting"]:
                raise CommandError(_("请用 --number 指定改动，用 --as 指定办理人。"))
            proposal, user = get_proposal(options["number"]), get_user(options["acting"])
            self._decide(proposal, user, options)
            proposal.refresh_from_db()
            return describe_proposal(proposal)

    def _decide(self, proposal: FrameProposal, user: User, options: dict[str, Any]) -> None:
        if options["act"] == "confirm":
            confirm_words(proposal, acting_user=user, digest=proposal.digest, opinion=options["opinion"])
        elif options["act"] == "refuse":
            refuse_words(proposal, acting_user=user, opinion=options["opinion"])
        else:
            withdraw_words(proposal, acting_user=user)

    def _set(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["object"] is None or options["text"] is None:
            raise CommandError(_("请用 --kind、--object、--field、--text 指定对象、字段和新的文字。"))
        kind = self._kind(options["kind"])
        if options["field"] not in kind.texts:
            raise CommandError(_("可用的字段：%(known)s。") % {"known": "、".join(kind.texts)})
        with records_of(kind):
            obj = kind.find(options["object"])
            if obj is None:
                raise Refused(_("没有编号为 %(number)s 的对象。") % {"number": options["object"]})
            words = {options["field"]: self._words(kind, obj, options)}
            with acting(None, *chains_of(kind, obj), pages=kind.page_ids(obj)):
                obj.refresh_from_db()
                change_words(obj, words, acting_user=None, reason=options["reason"], verb="frame_text")
            cleared = last_clearance(kind, obj.pk)
            digest = cleared.digest if cleared is not None else ""
            return {"kind": kind.code, "object": obj.pk, "texts": kind.texts_of(obj), "digest": digest}

    def _kind(self, code: str) -> FrameKind:
        try:
            return kind_named(code)
        except LookupError as error:
            known = "、".join(kind.code for kind in frame_kinds())
            raise CommandError(_("可用的对象类别：%(known)s。") % {"known": known}) from error

    def _words(self, kind: FrameKind, obj: Any, options: dict[str, Any]) -> Any:
        if not isinstance(kind.texts_of(obj)[options["field"]], list):
            return options["text"].strip()
        try:
            words = json.loads(options["text"])
        except ValueError as error:
            raise CommandError(_("这一字段是若干条文字，请写成 JSON 列表。")) from error
        if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
            raise CommandError(_("这一字段是若干条文字，请写成 JSON 列表。"))
        return words
