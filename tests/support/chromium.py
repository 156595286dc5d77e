"""The one browser the tests drive: a Chromium or Chrome of the system's. Run as a script, it installs Debian's.

Playwright's own browsers are a download of 150 MB from a place that many networks do not let through; the system's is
kept up to date by the system.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC_HOMES = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WHAT_TO_DO = (
    "The browser tests need Chromium or Chrome, and none was found. Install one (Debian, Ubuntu: "
    "`sudo apt-get install chromium`), or name one in the environment variable CHROMIUM."
)


def find() -> Path | None:
    """The browser's executable: what ``CHROMIUM`` names, else the first one on the PATH, else a Mac application."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((home for home in MAC_HOMES if home.exists()), None)


def install() -> None:
    """Install Debian's chromium, where that is ours to do: as root, where apt-get is."""
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        raise SystemExit(WHAT_TO_DO)
    print("Installing chromium for the browser tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
    ):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            raise SystemExit(f"`{' '.join(command)}` failed. {WHAT_TO_DO}")


if __name__ == "__main__" and find() is None:
    sys.exit(install())
