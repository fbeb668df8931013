"""Dictionaries, allow-lists, vocabularies, and the classes of resources."""

from random import Random
from typing import Any

from .. import product
from ..steps import Act, Given
from ..world import CONSOLE, World
from .reviewing import REVIEWERS

_WORDS = ("敏感词甲", "敏感词乙", "错误表述丙")
_VALUES = ("0871-12345678", "010-12345678", "13800138000")
_OFFICE = ("operator", "supervisor")
_CLASSES = ("02", "04", "05", "13", "17")


class _OfTheSite(Act):
    """A site's reviewers keep its dictionary."""

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        chosen = self.choose(world, rng, site)
        return chosen and {"by": world.somebody(rng, site, *REVIEWERS), "site": site, **chosen}

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        raise NotImplementedError


class AddWord(_OfTheSite):
    name = "add a word"
    weight = 0.6
    records = frozenset({"dictionary.add"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        return {
            "word": rng.choice(_WORDS) if rng.random() < 0.8 else f"词{world.step}",
            "kind": rng.choice(["sensitive", "wrong"]),
            "severity": rng.choice(["warn", "block", "info"]),
        }

    def do(self, world: World, given: Given) -> Any:
        product.add_word(
            world.tenant(given["site"]),
            acting_user=world.user(given["by"]),
            word=given["word"],
            kind=given["kind"],
            severity=given["severity"],
            suggestion="改",
            note="",
        )


class ChangeWord(_OfTheSite):
    name = "change a word"
    weight = 0.3

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        word = _some_word(world, rng, site)
        return word and {"word": word, "severity": rng.choice(["warn", "block"])}

    def do(self, world: World, given: Given) -> Any:
        product.change_word(_word(world, given), acting_user=world.user(given["by"]), severity=given["severity"])


class RetireWord(_OfTheSite):
    name = "retire a word"
    weight = 0.4
    records = frozenset({"dictionary.retire"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        word = _some_word(world, rng, site)
        return word and {"word": word}

    def do(self, world: World, given: Given) -> Any:
        product.retire_word(_word(world, given), reason="不用", acting_user=world.user(given["by"]))


class IgnoreWord(_OfTheSite):
    """A word of the platform that is none on this site."""

    name = "ignore a word"
    weight = 0.2
    records = frozenset({"dictionary.ignore"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        word = _some_word(world, rng, None)
        return word and {"word": word, "of_all": True}

    def do(self, world: World, given: Given) -> Any:
        product.ignore_word(
            _word(world, given),
            world.tenant(given["site"]),
            reason="本站无关",
            acting_user=world.user(given["by"]),
        )


class HeedWord(IgnoreWord):
    name = "heed a word"
    records = frozenset({"dictionary.heed"})

    def do(self, world: World, given: Given) -> Any:
        product.heed_word(_word(world, given), world.tenant(given["site"]), acting_user=world.user(given["by"]))


class AllowValue(_OfTheSite):
    name = "allow a value"
    weight = 0.2
    records = frozenset({"dictionary.allow"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        return {"value": rng.choice(_VALUES)}

    def do(self, world: World, given: Given) -> Any:
        product.allow_value(
            world.tenant(given["site"]),
            given["value"],
            kind="number",
            reason="公开",
            acting_user=world.user(given["by"]),
        )


class RevokeValue(AllowValue):
    name = "revoke a value"
    records = frozenset({"dictionary.revoke"})

    def do(self, world: World, given: Given) -> Any:
        allowed = product.AllowedValue.objects.filter(
            tenant=world.tenant(given["site"]), value=given["value"]
        ).order_by("-pk")
        if not allowed:
            raise KeyError(given["value"])
        product.revoke_value(allowed[0], reason="不再", acting_user=world.user(given["by"]))


class _OfTheOffice(Act):
    """What holds for all sites, kept by operators and supervisors."""

    def pick(self, world: World, rng: Random) -> Given | None:
        chosen = self.choose(world, rng)
        return chosen and {"by": world.somebody(rng, CONSOLE, *_OFFICE), "site": CONSOLE, **chosen}

    def choose(self, world: World, rng: Random) -> Given | None:
        raise NotImplementedError

    def inside(self, world: World, given: Given) -> str | None:
        return None


class AddWordForAll(_OfTheOffice):
    name = "add a word for all"
    weight = 0.3
    records = frozenset({"dictionary.add"})

    def choose(self, world: World, rng: Random) -> Given | None:
        return {"word": rng.choice(_WORDS), "severity": rng.choice(["warn", "block"]), "of_all": True}

    def do(self, world: World, given: Given) -> Any:
        product.add_word(
            None,
            acting_user=world.user(given["by"]),
            word=given["word"],
            kind="sensitive",
            severity=given["severity"],
            suggestion="改",
            note="",
        )


class RetireWordForAll(_OfTheOffice):
    name = "retire a word for all"
    weight = 0.2
    records = frozenset({"dictionary.retire"})

    def choose(self, world: World, rng: Random) -> Given | None:
        word = _some_word(world, rng, None)
        return word and {"word": word, "of_all": True}

    def do(self, world: World, given: Given) -> Any:
        product.retire_word(_word(world, given), reason="不用", acting_user=world.user(given["by"]))


class AddTerm(_OfTheOffice):
    """``below``: code of a subject of the top level, or nothing."""

    name = "add a term"
    weight = 0.8
    records = frozenset({"vocabulary.propose"})

    def choose(self, world: World, rng: Random) -> Given | None:
        vocabulary = rng.choice(["subject", "subject", "kind", "audience", "disclosure", "nope"])
        below = rng.choice(_CLASSES) if vocabulary == "subject" and rng.random() < 0.6 else ""
        return {"vocabulary": vocabulary, "label": f"类{world.step}", "below": below}

    def do(self, world: World, given: Given) -> Any:
        parent = product.Term.objects.get(vocabulary="subject", code=given["below"]) if given["below"] else None
        term = product.add_term(given["vocabulary"], given["label"], acting_user=world.user(given["by"]), parent=parent)
        world.call(f"s{world.step}", "term", term.pk)


class _OnATerm(_OfTheOffice):
    """On a term that the walk added."""

    def choose(self, world: World, rng: Random) -> Given | None:
        names = world.things("term")
        return {"thing": rng.choice(names)} if names else None


class MergeTerms(_OnATerm):
    """``into``: code of another term, mostly of the same vocabulary."""

    name = "merge terms"
    weight = 0.6
    records = frozenset({"vocabulary.merge"})

    def choose(self, world: World, rng: Random) -> Given | None:
        given = super().choose(world, rng)
        if given is None:
            return None
        term = _term(world, given)
        other = rng.choice(list(product.Term.objects.filter(vocabulary=term.vocabulary).order_by("code")[:40]))
        return {**given, "vocabulary": other.vocabulary if rng.random() < 0.9 else "kind", "into": other.code}

    def do(self, world: World, given: Given) -> Any:
        product.merge_terms(_term(world, given), _into(given), acting_user=world.user(given["by"]), reason="并")


class RetireTerm(_OnATerm):
    name = "retire a term"
    weight = 0.4
    records = frozenset({"vocabulary.retire"})

    def do(self, world: World, given: Given) -> Any:
        product.retire_term(_term(world, given), acting_user=world.user(given["by"]))


class RestoreTerm(_OnATerm):
    name = "restore a term"
    weight = 0.3

    def do(self, world: World, given: Given) -> Any:
        product.restore_term(_term(world, given), acting_user=world.user(given["by"]))


class RenameTerm(_OnATerm):
    name = "rename a term"
    weight = 0.3
    records = frozenset({"frame.propose"})

    def do(self, world: World, given: Given) -> Any:
        product.rename_term(_term(world, given), acting_user=world.user(given["by"]), label=f"类{world.step}名")


class Reclassify(_OfTheOffice):
    name = "reclassify"
    weight = 0.7
    records = frozenset({"vocabulary.reclassify"})

    def choose(self, world: World, rng: Random) -> Given | None:
        scope = world.some_site(rng) if rng.random() < 0.5 else None
        return {"from": rng.choice(_CLASSES), "to": rng.choice(_CLASSES), "scope": scope}

    def do(self, world: World, given: Given) -> Any:
        order = product.bulk_reclassify(
            _class(given["from"]),
            _class(given["to"]),
            acting_user=world.user(given["by"]),
            tenant=world.tenant(given["scope"]) if given["scope"] else None,
        )
        world.call(f"s{world.step}", "order", order.pk)


class UndoReclassification(_OfTheOffice):
    name = "undo a reclassification"
    weight = 0.3
    records = frozenset({"vocabulary.reclassify_undone"})

    def choose(self, world: World, rng: Random) -> Given | None:
        names = world.things("order")
        return {"thing": rng.choice(names[-5:])} if names else None

    def do(self, world: World, given: Given) -> Any:
        order = product.Reclassification.objects.get(pk=world.thing(given["thing"]))
        product.undo_reclassify(order, acting_user=world.user(given["by"]))


def _owner(world: World, given: Given) -> Any:
    return None if given.get("of_all") else world.tenant(given["site"])


def _some_word(world: World, rng: Random, site: str | None) -> str | None:
    words = product.Word.objects.filter(tenant=world.tenant(site) if site else None)
    if rng.random() < 0.8:
        words = words.filter(state="active")
    found = list(words.order_by("pk").values_list("word", flat=True))
    return rng.choice(found) if found else None


def _word(world: World, given: Given) -> Any:
    found = product.Word.objects.filter(tenant=_owner(world, given), word=given["word"]).order_by("-pk").first()
    if found is None:
        raise KeyError(given["word"])
    return found


def _term(world: World, given: Given) -> Any:
    return product.Term.objects.get(pk=world.thing(given["thing"]))


def _into(given: Given) -> Any:
    found = product.Term.objects.filter(vocabulary=given["vocabulary"], code=given["into"]).first()
    return found or product.Term.objects.filter(vocabulary=given["vocabulary"]).order_by("code").first()


def _class(code: str) -> Any:
    return product.Term.objects.get(vocabulary="subject", code=code)
