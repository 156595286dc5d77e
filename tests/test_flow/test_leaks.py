"""Strings that look like secrets, and strings that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from flow.build import FlowBuilder
from flow.build.leaks import leaks_in
from support.pyodide_folder import make_runtime

# Put together here, so that no scanner takes this file for a leak.
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
GITHUB = "ghp_" + "aB3" * 12
OPENAI = "sk-proj-" + "Zx9_" * 8
RANDOM = "q7Rf" + "T2xLp9" + "Vw4Zk8Yb1N"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (f"a = '{AWS}'", "a key of AWS"),
        (f"call('Bearer {GITHUB}')", "a token of GitHub"),
        (f"a = b'{OPENAI}'", "a key of OpenAI or Anthropic"),
        ("a = '''-----BEGIN RSA " + "PRIVATE KEY-----\nMII'''", "a private key"),
        ("a = 'postgresql://ada:" + "hunter2@db.test/shop'", "an address with a password in it"),
        ("password = 'hunter2'", "a secret, password,"),
        ("DB_PASSWORD: str = 'hunter2'", "a secret, DB_PASSWORD,"),
        ("connect(api_key='abc123xyz')", "a secret, api_key,"),
        ("settings = {'client_secret': 'hunter2'}", "a secret, client_secret,"),
        ("settings['secret'] = 'hunter2'", "a secret, secret,"),
        ("def sign(text, passphrase='hunter2'): pass", "a secret, passphrase,"),
        (f"token = '{RANDOM}'", "a secret, token,"),
    ],
)
def test_a_string_that_looks_like_a_secret_is_told_with_its_line(source: str, what: str) -> None:
    (leak,) = leaks_in("\n\n" + source)
    assert (leak.line, leak.what) == (3, what)


@pytest.mark.parametrize(
    "source",
    [
        "Input(name='password', type='password', placeholder='Your password')",
        "password_label = 'Kennwort'",
        "password = Signal('')",
        "password = 'password'",
        "token = 'tea'",
        "key = 'a-long-but-ordinary-key-a-long-but'",
        "Text('the secret of good tea is patience')",
        "secret = 'the secret of tea'",
        "url = 'https://example.org/a:b@c'",
        f"words = '{RANDOM}'",
        "key = f'{a}-{b}-0123456789abcdef'",
    ],
)
def test_a_string_that_does_not_is_left_alone(source: str) -> None:
    assert list(leaks_in(source)) == []


def test_a_build_names_the_line_of_a_secret_in_the_page_and_none_of_the_servers(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "from flow import component, rpc\nfrom flow.ui import Div\n# a comment that no page gets\n"
        "PASSWORD = 'hunter2'\nTOKEN_SECRET = 'hunter3'\n@rpc\ndef sign(): return TOKEN_SECRET\n"
        "@component\ndef App(): return Div(PASSWORD)\n"
    )
    (warning,) = FlowBuilder(tmp_path / "dist", pyodide=make_runtime(tmp_path / "runtime")).build(app).warnings
    assert warning.startswith(f"{app}:4: a secret, PASSWORD, may stand here")
