"""What the frame consists of: kinds of objects with words that citizens read, told by the packages that know them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

#: ``{field: words}``: text, or a list of texts, or a list of rows ``{part: text}``.
Texts = dict[str, Any]
#: The parts of a row that people read, in this order; others (a picture's number and bytes) stand for what is seen.
ROW_WORDS = ("group", "title", "alt", "url", "until")


class FrameKind:
    """One kind of object of the frame. The sheet of the settings (``FRAME_TEXTS``) lists one instance of each.

    ``model``: its label, ``app.Model``. ``texts``: fields whose words citizens read. ``unseen``: every other field
    that holds free text, with the reason why it needs no confirmation. ``shared``: sites share the object, so its
    records lie in the console's schema and people of the console decide.
    """

    model: ClassVar[str]
    texts: ClassVar[tuple[str, ...]]
    unseen: ClassVar[Mapping[str, str]] = MappingProxyType({})
    shared: ClassVar[bool] = False
    #: Fields that came after objects had been cleared, with what they are where nobody has set them. So long as a field
    #: is that, no digest covers it.
    defaults: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    #: Fields whose rows show pictures (``pictures.py``).
    pictures: ClassVar[tuple[str, ...]] = ()
    #: Each shared object belongs to one site, ``of_site``.
    per_site: ClassVar[bool] = False

    @property
    def code(self) -> str:
        """The label as it is stored: ``columns.column``."""
        return self.model.lower()

    def model_class(self) -> Any:
        return apps.get_model(self.model)

    @property
    def name(self) -> str:
        """What an object of this kind is called."""
        return str(self.model_class()._meta.verbose_name)

    def labels(self) -> dict[str, str]:
        """``{field: its name for people}``."""
        meta = self.model_class()._meta
        return {name: str(meta.get_field(name).verbose_name) for name in self.texts}

    def find(self, object_id: int) -> Any | None:
        """Return the object as it is stored now, or None."""
        return self.model_class()._default_manager.filter(pk=object_id).first()

    def shown(self) -> Iterable[Any]:
        """Return the objects whose words citizens can read; of a kind of a site's own, on the current site."""
        return self.model_class()._default_manager.order_by("pk")

    def of_site(self, tenant: Tenant) -> Iterable[Any]:
        """Return those shared objects that belong to ``tenant`` alone; ``verify_gate`` names them with that site."""
        return ()

    def scanned_for(self, obj: Any) -> Tenant | None:
        """Return the site by whose rule pack and dictionaries the words are scanned; None: the current one."""
        return None

    def proper_names(self, obj: Any) -> frozenset[str]:
        """Return words that would be marks on a document and are what such objects are called; none by default."""
        return frozenset()

    def texts_of(self, obj: Any) -> Texts:
        """Return the words that ``obj`` has now."""
        found = {name: getattr(obj, name) for name in self.texts}
        return {name: "" if words is None else words for name, words in found.items()}

    def title_of(self, obj: Any) -> str:
        return str(obj)

    def page_ids(self, obj: Any) -> Sequence[int]:
        """Return the pages that an act on ``obj`` locks."""
        return ()

    def chains(self, obj: Any) -> tuple[str, ...]:
        """Return the chains of other sites on which words of ``obj`` have a consequence."""
        return ()

    def reasons_against(self, obj: Any, texts: Texts) -> list[str]:
        """Say why ``obj`` may not have these words, by the rules of its kind; asked again when they are confirmed."""
        return []

    def apply(self, obj: Any, texts: Texts, *, acting_user: Any, is_new: bool = False) -> None:
        """Store the words on ``obj``; ``is_new``: it is shown from now on. The clearance is written by then."""
        for name, words in texts.items():
            setattr(obj, name, words)
        obj.save()

    def give_up(self, obj: Any) -> None:
        """Do what is to be done with a new object that was not confirmed; nothing by default."""

    def address(self, obj: Any) -> str:
        """Return the address of the screen on which ``obj`` is edited; '' when there is none."""
        return ""


@cache
def frame_kinds() -> tuple[FrameKind, ...]:
    """Return the sheet."""
    sheet: tuple[FrameKind, ...] = import_string(settings.FRAME_TEXTS)
    return sheet


def kind_of(obj: models.Model | type[models.Model]) -> FrameKind | None:
    """Return the kind that ``obj`` is of; None for what is not part of the frame."""
    label = obj._meta.label_lower
    return next((kind for kind in frame_kinds() if kind.code == label), None)


def kind_named(code: str) -> FrameKind:
    """Return the kind with this code. Raises LookupError when there is none."""
    found = next((kind for kind in frame_kinds() if kind.code == code.lower()), None)
    if found is None:
        raise LookupError(code)
    return found


def words_shown(words: Any) -> str:
    """Return the words of a field as people compare them, rows each on a line; an empty field is named as such."""
    if isinstance(words, list):
        rows = any(isinstance(one, dict) for one in words)
        text = ("\n" if rows else "、").join(map(plain_words, words))
    else:
        text = str(words)
    return text or _("（空）")


def plain_words(item: Any) -> str:
    """Return one item of a list as text: of a row its words in their order."""
    if isinstance(item, dict):
        return " · ".join(str(item[part]) for part in ROW_WORDS if item.get(part))
    return str(item)
