"""Translatable sentences of code that runs without Django, in guarded processes; translated where they are shown."""

from typing import Any


def gettext_noop(sentence: str) -> str:
    """Return ``sentence`` as it is; the call marks it for the message catalogue.

    Django has the same, but importing it would load Django into the guarded process.
    """
    return sentence


class Sentence(str):
    """A Chinese text that remembers its origin: the ``sentence`` of the catalogue and the ``values`` put into it."""

    sentence: str
    values: dict[str, Any]


def said(sentence: str, **values: Any) -> str:
    """Make a Sentence from ``sentence`` of the catalogue with ``values`` put into its ``%(name)s`` places.

    A value may be a Sentence itself; it is translated together with the whole.
    """
    text = Sentence(sentence % values if values else sentence)
    text.sentence, text.values = sentence, values
    return text


def packed(value: Any) -> Any:
    """Turn a Sentence into ``{"sentence", "values"}``, which JSON can carry; any other value is returned as it is."""
    if isinstance(value, Sentence):
        return {"sentence": value.sentence, "values": {name: packed(one) for name, one in value.values.items()}}
    return value


def unpacked(value: Any) -> Any:
    """Turn what ``packed`` made back into a Sentence; anything that is no dict is returned as it is."""
    if isinstance(value, dict):
        return said(value["sentence"], **{name: unpacked(one) for name, one in value["values"].items()})
    return value


def translated(text: str) -> str:
    """``text`` in the reader's language, with the values inside a Sentence translated too. Needs Django."""
    from django.utils.translation import gettext

    if not isinstance(text, Sentence):
        return gettext(text)
    values = {name: translated(one) if isinstance(one, Sentence) else one for name, one in text.values.items()}
    return gettext(text.sentence) % values if values else gettext(text.sentence)
