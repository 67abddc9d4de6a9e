"""Hostile values for every parameter of every address: whatever is sent, a page answers, and never with 500.

A plan is drawn from a seed: address, method, one parameter, one value, the others as a page needs them. Parameters are read from
the source of the views, from their forms and serializers.
"""

import base64
import inspect
import json
import random
import re
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework import serializers

from tests.access_matrix import ASKED, MATRIX, POSTS, SENT
from tests.world import address_of_the_site

READ = re.compile(r"""(GET|POST)(?:\.get(?:list)?\(|\[)\s*"([^"{}]+)\"""")
OF_PACKAGES = {  # what allauth, the API's pages and the administrators' site read
    "account": ["login", "password", "next", "oldpassword", "password1", "code", "credential", "passkey"],
    "api": ["trang", "so-dong", "format", "version", "lang"],
    "admin": [
        "q",
        "p",
        "o",
        "e",
        "all",
        "id",
        "id__exact",
        "unit__id__exact",
        "_popup",
        "_to_field",
        "_changelist_filters",
        "next",
    ],
}


def _coded(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


NUMBERS = [
    "0",
    "-1",
    "-0",
    "1.5",
    "1e309",
    "NaN",
    "Infinity",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 40,
]
NUMBERS += ["1" * 5000, "٣", "１２", "²", "1_000", "0x10", "+1", " 1", "1 ", "½", "Ⅷ", "१"]
DAYS = [
    "31/02/2023",
    "0001-01-01",
    "01/01/0001",
    "9999-12-31",
    "31/12/9999",
    "2023-13-45",
    "1/1/0",
    "15/10/2023 25:61",
    "99999",
    "79999",
]
TEXTS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "%00",
    "%",
    "_",
    "\\",
    "'",
    '"',
    "';--",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "{{7*7}}",
]
TEXTS += [
    "{%",
    "%s%n",
    "\r\nX-A: b",
    "\u202e",
    "\ufeff",
    "\ufffe",
    "đ" * 300,
    "e\u0301" * 500,
    "x" * 10_000,
    "\U0001f4a9" * 99,
    "*",
    "(",
]
TEXTS += [
    "[]",
    "{}",
    "null",
    "true",
    "None",
    "[object Object]",
    "//host.example",
    "a/b",
    "a-b-c",
    "-",
    ".",
    "..",
    "1-",
    "-1-1",
    "a@b",
]
TEXTS += ["00000000-0000-0000-0000-000000000000", "ffffffffffffffffffffffffffffffff", "xlsx", "csv", "pdf", "docx"]
CURSORS = [
    "cD1hYmM=",
    "cD0=",
    "cj0x",
    "bz05OTk5OTk5OTk5OTk5",
    "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
    "====",
    "a",
    "!",
    "cD0xJnI9MSZvPTE=",
]
CURSORS += [
    _coded(text) for text in ("p=\x00", "p=\ud800", "p=1&o=99999999999999999999", "p=1e400", "[" * 2000, "{}", "null", "[0]")
]
VALUES: list[list[Any]] = [  # of a row where a page begins
    [],
    [0, "2023-10-15", 1],
    [0, "0001-01-01", 2**31 - 1],
    [2**63, "9999-12-31", 2**63],
    ["\ud800", 1],
    ["a\x00", 1],
    ["x" * 500, 1],
    [float("nan"), 1],
    [[[]], {}],
    [True, "2023-10-15", True],
    ["2023-10-15", 1],
    [1],
]
CURSORS += [_coded([0, *values]) for values in VALUES]  # the number of rows before it is read apart from them
CURSORS += [_coded([at, "2023-10-15", 1]) for at in (-1, 2**31 - 1, 2**63, 1.5, None, float("inf"))]
RAW = [
    "%ED%A0%80",
    "%FF%FE",
    "%C0%80",
    "%",
    "%zz",
    "%u0041",
    "+",
    "&",
    "=",
    ";",
    "a[]=1",
    "%E1%BB",
]  # as they stand in the address
NEEDED = {"portal:catalogue": {"xep": "ten"}}  # without which a cursor is not even read
KINDS = (NUMBERS, DAYS, TEXTS, CURSORS, RAW)


@dataclass(frozen=True)
class Attack:
    method: str
    name: str
    parameter: str
    value: str
    is_raw: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.parameter}={self.value[:80]!r}"


def views(patterns: Any = None, space: str = "") -> Iterator[tuple[str, Any]]:
    """(name, view) of every address."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}", entry.callback


def parameters(name: str, view: Any, method: str) -> list[str]:
    """What may be read at an address: all that its view's module names."""
    inner = inspect.unwrap(view)
    module = inspect.getmodule(getattr(view, "view_class", None) or getattr(view, "cls", None) or inner)
    found: set[str] = set()
    if module is None or not module.__name__.startswith(
        ("portal", "models_registry", "recog", "repl", "reports", "papers", "notif")
    ):
        found |= set(OF_PACKAGES["admin" if name.startswith("admin:") else "api" if name.startswith("api:") else "account"])
        return sorted(found)
    found |= {words for kind, words in READ.findall(inspect.getsource(module)) if kind == method}
    if method == "GET" and hasattr(module, "filters"):
        found |= {*module.filters.PARAMETERS, "sau", "truoc"}
    for one in vars(module).values():
        if not inspect.isclass(one):
            continue
        if method == "POST" and issubclass(one, forms.BaseForm):
            found |= set(getattr(one, "base_fields", {}))
        elif name.startswith("api:") and issubclass(one, serializers.Serializer) and one.__name__.endswith("Asked"):
            found |= {field.replace("_", "-") for field in one().fields}
    if name.startswith("api:"):
        found |= set(OF_PACKAGES["api"])
    return sorted(found)


def places(names: list[str]) -> list[tuple[str, str, str]]:
    """(method, address, parameter): all that can be sent something."""
    known = dict(views())
    return [
        (method, name, parameter)
        for name in names
        for method in ("GET", "POST")
        if method == "GET" or name in POSTS or name.startswith(("account_", "mfa_"))
        for parameter in parameters(name, known[name], method)
    ]


def drawn(seed: int, number: int, names: list[str]) -> list[Attack]:
    """So many attacks, the same for the same seed: each place in turn, a kind of value, a value of it."""
    generator = random.Random(seed)
    targets = places(names)
    generator.shuffle(targets)
    found = []
    for at in range(number):
        method, name, parameter = targets[at % len(targets)]
        values = generator.choice(KINDS[:-1] if method == "POST" else KINDS)
        found.append(Attack(method, name, parameter, generator.choice(values), is_raw=values is RAW))
    return found


def send(client: Client, attack: Attack, stage: dict[str, dict[str, Any]]) -> str:
    """What went wrong, empty where nothing did. Nothing of it stays in the database."""
    told: list[str] = []

    def note(sender: Any, request: Any, **_: Any) -> None:
        kind, error, trace = sys.exc_info()
        at = [frame for frame in traceback.extract_tb(trace) if "site-packages" not in frame.filename][-1:]
        told.append(
            f"{kind.__name__ if kind else ''}: {str(error)[:160]} ({at[0].filename}:{at[0].lineno})" if at else str(error)
        )

    got_request_exception.connect(note)
    client.raise_request_exception = False
    try:
        with transaction.atomic():
            answer = _ask(client, attack, stage)
            if getattr(answer, "streaming", False):
                b"".join(answer.streaming_content)
            transaction.set_rollback(True)
    except Exception as error:
        return f"{attack}: {type(error).__name__}: {str(error)[:160]}"
    finally:
        got_request_exception.disconnect(note)
    return f"{attack}: {answer.status_code} {' '.join(told)}" if answer.status_code >= 500 or told else ""


def _ask(client: Client, attack: Attack, stage: dict[str, dict[str, Any]]) -> Any:
    address = address_of(attack.name, stage)
    if attack.method == "POST":
        return client.post(address, (SENT.get(attack.name) or {}) | {attack.parameter: attack.value})
    asked = {name: value for name, value in (NEEDED | ASKED).get(attack.name, {}).items() if name != attack.parameter}
    value = attack.value if attack.is_raw else quote(attack.value, errors="surrogatepass")
    query = "&".join(part for part in (urlencode(asked), f"{attack.parameter}={value}") if part)
    return client.generic("GET", address, QUERY_STRING=query)


def address_of(name: str, stage: dict[str, dict[str, Any]]) -> str:
    if name.startswith("admin:"):
        return address_of_the_site(name)
    return reverse(name, kwargs=stage.get(name))


OF_SITE = sorted(name for name, _ in views() if name.startswith("admin:"))
PUBLIC = [name for name in MATRIX if name.startswith(("portal:", "api:")) or "sitemap" in name or name == "account_login"]
AT_WORK = [name for name in MATRIX if name not in PUBLIC and name not in ("account_logout", "account_change_password")]
OF_ROLES = {  # a group of roles that sees much: which addresses are tried as whom
    "visitor": PUBLIC,
    "tinh.chuyenvien": [*PUBLIC, *AT_WORK],
    "hamthuanbac.chuyenvien": AT_WORK,
    "hamthuanbac.lanhdao": AT_WORK,
    "hamhiep.canbo": AT_WORK,
    "hoidong1": AT_WORK,
    "quantri": OF_SITE,
}
