"""What one person's request leaves in the process, nobody's next request finds."""

import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from zipfile import ZipFile

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from govplatform.console.admission import roles_by_name
from tests.conftest import console_client

from .addresses import patterns
from .shared_state import PRODUCT, changeable_in, classes, fingerprints, is_door, is_reached, load_everything, modules

#: Everybody who works in a console, and where; of alpha's people, what they see is compared.
ON_ALPHA = {
    "editor": "alpha_editor",
    "content-reviewer": "alpha_content",
    "confidentiality-reviewer": "alpha_secret",
    "site-admin": "alpha_admin",
    "auditor": "alpha_auditor",
    "clerk": "alpha_clerk",
}
ELSEWHERE = {
    "editor": ("beta_editor", "beta"),
    "content-reviewer": ("beta_content", "beta"),
    "confidentiality-reviewer": ("beta_secret", "beta"),
    "site-admin": ("beta_admin", "beta"),
    "auditor": ("beta_auditor", "beta"),
    "clerk": ("beta_clerk", "beta"),
    "operator": ("operator", "console"),
    "supervisor": ("supervisor", "console"),
}
#: Kept by a process on purpose. Each is keyed by schema or host, or holds what is the same for all of them.
KEPT = re.compile(
    r"govplatform\.tenancy\.hosts\._known|"  # host -> site
    r"govplatform\.rule_packs\.\w+\._\w+|"  # rule packs, read from files
    r"govplatform\.dictionaries\.queries\._held|"  # (schema, stamp) -> words
    r"govplatform\.confidentiality\.scanning\.rules\.dictionary\._built|"  # words -> matcher
    r"content_library\.resources\.blobs\._whole|"  # SM3 of files that were read whole
    r"sites\.public\.files\._read|"  # (schema, file, size, time) -> SM3
    r"wagtail\.coreutils\.LANG_INFO"  # Django's names of languages
)


def test_nothing_that_a_request_calls_holds_what_a_request_could_change():
    load_everything()
    found = [
        f"{cls.__module__}.{cls.__qualname__}.{name}"
        for cls in classes(*PRODUCT)
        if is_reached(cls)
        for name, _value in changeable_in(cls)
    ]
    found += [
        f"{module.__name__}.{name}"
        for module in modules(*PRODUCT)
        if is_door(module)
        for name, _value in changeable_in(module)
        if not name.endswith("patterns")
    ]
    assert not found, "\n".join(sorted(found))


def test_the_look_for_it_finds_views_forms_panels_and_menus():
    load_everything()
    names = {cls.__qualname__ for cls in classes(*PRODUCT) if is_reached(cls)}
    assert {"QueueView", "SignInForm", "AuditPanel", "RoleMenuItem", "HandInItem", "PageEditView"} <= names
    assert sum(map(is_door, modules(*PRODUCT))) > 30


def screens_of(role: str) -> list[str]:
    """The addresses that name nothing and open to ``role``."""
    paths = []
    for pattern, name in patterns(get_resolver(settings.CONSOLE_URLCONF)):
        if role in roles_by_name().get(name, ()) and not re.search(r"[<(\\]", pattern):
            paths.append("/" + pattern.replace("^", "").replace("$", ""))
    return list(dict.fromkeys(paths))


def tour(client: Client, role: str, *, keep: bool = False) -> Iterator[tuple[str, str]]:
    """(path, what it shows) of every screen of ``role``."""
    client.raise_request_exception = False
    for path in screens_of(role):
        # Taken back: what is compared is left in the process, not in the database.
        with transaction.atomic():
            response = client.get(path)
            shown = "" if response.streaming else _text_of(response.content)
            transaction.set_rollback(not keep)
        yield path, _comparable(shown)


def _text_of(content: bytes) -> str:
    """What a table or document in a ZIP says, without the moment at which it was made."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if not name.startswith("docProps/")]
        return "".join(parts.read(name).decode(errors="replace") for name in names)


def _comparable(html: str) -> str:
    if html.startswith("{"):
        html = json.dumps(json.loads(html), ensure_ascii=False)
    html = re.sub(r"(csrf\w*\W{1,12}(?:value\W{1,6})?)\w{30,}", r"\1", html, flags=re.IGNORECASE)
    html = re.sub(r"\d{1,2}:\d{2}(:\d{2})?", "time", html)  # when it was asked
    return re.sub(r"刚到|刚刚|(等了\s*)?\d+\s*(秒|分钟|小时)(\s*之?前)?", "ago", html)


def test_what_one_site_s_people_leave_in_the_process_another_site_s_never_meet(both, subtests):
    """Every screen of every role on alpha, before and after every role elsewhere used theirs."""
    here = {role: console_client(who, "alpha") for role, who in ON_ALPHA.items()}
    elsewhere = {role: console_client(*who) for role, who in ELSEWHERE.items()}

    def everybody_here() -> dict[str, dict[str, str]]:
        return {role: dict(tour(client, role)) for role, client in here.items()}

    def everybody_elsewhere(roles: Iterable[str] = ELSEWHERE) -> int:
        return sum(len(list(tour(elsewhere[role], role))) for role in roles)

    # Once, so that what is said once is said, and what is filled once is filled.
    for role, client in here.items():
        assert dict(tour(client, role, keep=True))
    # Screens say what day it is: over midnight the tour is made once more, so that one day is compared.
    began = None
    while began != timezone.localdate():
        began = timezone.localdate()
        before = everybody_here()
        assert everybody_elsewhere() > 60
        kept = fingerprints(*PRODUCT, "wagtail")
        # Once more what alpha's people have no screens for, then all they have: whatever a request changes, changes.
        assert everybody_elsewhere([role for role in ELSEWHERE if role not in ON_ALPHA]) > 10
        after = everybody_here()
    for role, shown in before.items():
        assert len(shown) > 3
        with subtests.test(role=role):
            assert {path for path in shown if shown[path] != after[role][path]} == set()
    now = fingerprints(*PRODUCT, "wagtail")
    changed = {name for name in kept if kept[name] != now[name] and not KEPT.fullmatch(name)}
    assert changed == set()
