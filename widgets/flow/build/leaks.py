"""Strings of a page that look like secrets. A page is open to anyone, so the author is told of each."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from typing import Final

_FORMS: Final = {  # as their issuers and secret scanners have them
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
    "a token of GitLab": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "a key of Stripe": re.compile(r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
    "a key of OpenAI or Anthropic": re.compile(r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a token of Slack": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "an address with a password in it": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@{}]+:[^\s/@{}]{3,}@[^\s/]"),
}
_CERTAIN: Final = re.compile(
    r"passw(?:or)?d|passphrase|secret|credential|(?:api|access|private|auth)_?(?:key|token)", re.I
)
_LIKELY: Final = re.compile(r"(?:^|_)(?:key|token|salt|signature)s?$", re.I)
_NO_SECRET: Final = re.compile(
    r"_(?:label|title|text|hint|name|field|placeholder|message|error|path|url|cls|id)s?$", re.I
)
_SHORTEST, _RANDOM = (6, 20), (2.5, 3.5)  # characters, and bits that a character tells, of a certain and a likely one


@dataclass(frozen=True, slots=True)
class Leak:
    """What looks like a secret, and where."""

    line: int
    what: str

    def __str__(self) -> str:
        return (
            f"{self.what} may stand here, and the page, which has it, is open to anyone. Have an @rpc function use it, "
            "which stays on the server; if this was shown to anyone before, replace it"
        )


def leaks_in(source: str) -> Iterator[Leak]:
    """Those in a source."""
    tree = ast.parse(source)
    names = dict(_named(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            if what := known_form(text) or _by_name(names.get(node, ""), text):
                yield Leak(node.lineno, what)


def known_form(text: str) -> str | None:
    """What kind of secret stands in a text, if any has its form."""
    return next((what for what, form in _FORMS.items() if form.search(text)), None)


def _by_name(name: str, text: str) -> str | None:
    if not name or _NO_SECRET.search(name) or name.lower() in text.lower() or re.search(r"\s", text):
        return None
    for form, shortest, random in zip((_CERTAIN, _LIKELY), _SHORTEST, _RANDOM, strict=True):
        if form.search(name) and len(text) >= shortest and _bits(text) >= random:
            return f"a secret, {name},"
    return None


def _named(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Values, and the names that they are given."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield value, _name_of(target)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                yield value, _name_of(target)
            case ast.keyword(arg=str(name), value=value):
                yield value, name
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    yield value, str(key.value) if isinstance(key, ast.Constant) else ""
            case ast.arguments():
                places = [*node.posonlyargs, *node.args]
                for argument, default in zip(reversed(places), reversed(node.defaults), strict=False):
                    yield default, argument.arg
                for argument, given in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                    if given is not None:
                        yield given, argument.arg


def _name_of(target: ast.expr) -> str:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""


def _bits(text: str) -> float:
    """How much a character of a text tells, in bits: Shannon's entropy."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())
