"""Terms as a part of the frame: their words stand on pages, lists and feeds of every site."""

from types import MappingProxyType
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.review.frame.kinds import FrameKind, Texts

from .kinds import VocabularyKind
from .models import Term
from .snapshot import forget_changed_terms
from .wording import note_change, reasons_against_words


class TermKind(FrameKind):
    model = "vocabularies.Term"
    texts = ("label", "aliases", "note")
    unseen: ClassVar = MappingProxyType({"code": "its vocabulary's pattern allows a few digits or small letters alone"})
    shared = True

    def find(self, object_id: int) -> Term | None:
        return Term.objects.select_related("parent", "merged_into").filter(pk=object_id).first()

    def title_of(self, obj: Any) -> str:
        return f"{obj.get_vocabulary_display()} {obj}"

    def address(self, obj: Any) -> str:
        return reverse("vocabularies_term", args=[obj.vocabulary, obj.code])

    def proper_names(self, obj: Any) -> frozenset[str]:
        # What the ways of disclosure are called; on a document they would be marks.
        if obj.vocabulary != VocabularyKind.DISCLOSURE:
            return frozenset()
        return frozenset({"依申请公开", "不予公开", "不公开"})

    def reasons_against(self, obj: Any, texts: Texts) -> list[str]:
        # A retired term takes no place among its siblings; one that waits will.
        own = obj if obj.status != Term.Status.RETIRED else None
        label, aliases, note = texts["label"], texts["aliases"], texts["note"]
        return reasons_against_words(obj.vocabulary, label, aliases, note, obj.parent, own)

    def apply(self, obj: Any, texts: Texts, *, acting_user: Any, is_new: bool = False) -> None:
        if is_new and obj.parent is not None and not obj.parent.is_active:
            raise Refused(_("上级“%(label)s”还不能使用，请先确认上级。") % {"label": obj.parent.label})
        changed = {name: [getattr(obj, name), words] for name, words in texts.items() if getattr(obj, name) != words}
        for name, words in texts.items():
            setattr(obj, name, words)
        if is_new:
            obj.status = Term.Status.ACTIVE
        obj.save()
        if is_new:
            note_change(obj, "add", {"label": obj.label, "parent": obj.parent.code if obj.parent else ""}, acting_user)
        else:
            note_change(obj, "rename", changed, acting_user)
        forget_changed_terms()

    def give_up(self, obj: Any) -> None:
        # Its code is never given again, as that of any term.
        obj.status = Term.Status.RETIRED
        obj.save(update_fields=["status"])
        forget_changed_terms()


TERM = TermKind()
