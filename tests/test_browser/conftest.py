"""A real JupyterLab, and a real browser that looks at it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from support import chromium
from support.lab import Lab, running

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
TOLD = 3_000  # characters of a page, where a test failed


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running(home=tmp_path_factory.mktemp("home"), files=tmp_path_factory.mktemp("files")) as lab:
        yield lab


@pytest.fixture(autouse=True)
def no_sessions_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins with no kernel running."""
    yield
    if "lab" in request.fixturenames:
        request.getfixturevalue("lab").end_sessions()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = chromium.find()
    if executable is None:
        pytest.fail(chromium.WHAT_TO_DO, pytrace=False)
    expect.set_options(timeout=20_000)  # a small machine that others use too is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.ARGUMENTS))
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.has_failed = True  # type: ignore[attr-defined]
    return report


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page with an empty profile. How it looked in the end is kept in build/screenshots/, for the curious."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=1)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    if getattr(request.node, "has_failed", False):
        print(f"What the page showed in the end:\n{page.locator('body').inner_text()[-TOLD:]}")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)
    context.close()
