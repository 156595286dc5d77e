"""Laws of the split, on random modules: the page has each name that it reads, and no constant that nobody reaches."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from flow.compiler import transform_for_client
from flow.compiler.scopes import names_of

NAMES = [f"n{number}" for number in range(8)]
HEAD = "from flow import component, rpc\nfrom flow.ui import Text\n"


@dataclass(frozen=True)
class Definition:
    """One definition: what it gives a value, and what that is made of."""

    name: str
    reads: tuple[str, ...]
    form: str


FORMS = {
    "constant": "{name} = ['only_{name}', lambda: ({reads})]",
    "function": "def {name}(x=None):\n    '''only_{name}'''\n    return ({reads})",
    "class": "class {name}:\n    key = 'only_{name}'\n    def f(self): return ({reads})",
    "pair": "{name}, other_{name} = 'only_{name}', 'other_{name}'\ndef use_{name}(): return ({reads})",
    "rpc": "@rpc\nasync def {name}(x='hidden'): return 'hidden', ({reads})",
    "branch": "if len('a'):\n    {name} = 'only_{name}'\nelse:\n    {name} = lambda: ({reads})",
    "local": "def {name}():\n    {first} = 'only_{name}'\n    return {first}",
}

definitions = st.builds(
    Definition,
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    st.sampled_from([*FORMS]),
)


def source_of(made: list[Definition], shown: str) -> str:
    parts = [
        FORMS[each.form].format(
            name=each.name, reads="".join(f"{name}, " for name in each.reads), first=[*each.reads, "x"][0]
        )
        for each in made
    ]
    return HEAD + "\n".join(parts) + f"\n@component\ndef App():\n    Text(str({shown}))\n"


def reached_from(made: list[Definition], shown: str) -> set[str]:
    """The names that are reached, by a walk that is too simple to be wrong."""
    found: set[str] = set()
    waiting = [shown]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            for each in made:
                if each.name == name and each.form not in ("rpc", "pair", "local"):
                    waiting += each.reads
    return found


@settings(max_examples=80, deadline=None)
@given(st.lists(definitions, max_size=10, unique_by=lambda each: each.name), st.sampled_from(NAMES))
def test_a_page_has_what_it_reads_and_no_constant_more(made: list[Definition], shown: str) -> None:
    source = source_of(made, shown)
    text = transform_for_client(source)
    whole, half = names_of(*ast.parse(source).body), names_of(*ast.parse(text).body)
    assert not (half.reads & whole.binds) - half.binds - {*dir(builtins)}
    reached = reached_from(made, shown)
    for each in made:
        if each.form != "rpc":
            assert (f"'only_{each.name}'" in text or f"'''only_{each.name}'''" in text) == (each.name in reached), text
    assert "hidden" not in text
    assert "'other_" not in text
    exec(compile(text, "app.py", "exec"), {})


@settings(max_examples=40, deadline=None)
@given(st.lists(definitions, max_size=10, unique_by=lambda each: each.name), st.sampled_from(NAMES))
def test_a_page_split_again_stays_as_it_is(made: list[Definition], shown: str) -> None:
    text = transform_for_client(source_of([each for each in made if each.form != "rpc"], shown))
    assert transform_for_client(text) == text
