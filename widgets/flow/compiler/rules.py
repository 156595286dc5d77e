"""Which modules stay on the server.

A module is the server's if the list below has it or a package around it, if the project says so, or if its source has a
line ``# flow: server``. A project says it in its ``pyproject.toml``, and there it can also take one from the list:

    [tool.flow]
    server = ["shop.database", "reports"]
    client = ["sqlite3"]
    files = ["data.csv", "pictures/*.png"]
    packages = ["humanize>=4"]

``files`` and ``packages`` are what pages get besides.

Of the standard library the list has what a browser's Python lacks, and what reaches for the machine that it runs on;
of other packages the well-known ones that a page cannot use. What is not in the list is not harmful by that: nothing
enters a page but what its components reach, wherever it comes from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow.errors import FlowError

_MACHINE: Final = """
    os subprocess shutil pathlib glob tempfile fcntl grp pwd pty resource signal syslog termios tty posix nt winreg
    msvcrt multiprocessing socket socketserver ssl select selectors ftplib imaplib poplib smtplib telnetlib nntplib
    http.server xmlrpc curses readline tkinter turtle idlelib venv ensurepip sqlite3 dbm shelve getpass crypt spwd
    concurrent.futures.process ctypes mmap
"""
_DATA: Final = """
    sqlalchemy sqlmodel alembic psycopg psycopg2 asyncpg pymysql MySQLdb aiomysql mysql pymongo motor beanie redis
    aioredis cassandra neo4j peewee tortoise pony django.db cx_Oracle oracledb pyodbc duckdb snowflake clickhouse_driver
    elasticsearch opensearchpy influxdb
"""
_SERVICES: Final = """
    boto3 botocore aiobotocore s3fs google.cloud google.auth googleapiclient azure kubernetes docker paramiko fabric
    celery dramatiq rq huey kombu pika aio_pika kafka confluent_kafka aiokafka zmq grpc stripe twilio sendgrid slack_sdk
    openai anthropic
"""
_SECRETS: Final = "dotenv decouple environs dynaconf hvac keyring secretstorage"
_SERVERS: Final = """
    flask django fastapi starlette uvicorn hypercorn gunicorn tornado aiohttp.web sanic quart bottle psutil
    jupyter_client ipykernel jupyter_server
"""
SERVER_ONLY_MODULES: Final = frozenset(" ".join((_MACHINE, _DATA, _SERVICES, _SECRETS, _SERVERS)).split())
"""Modules that never enter a page, with all that is in them."""

_MARK: Final = re.compile(r"^\s*#\s*flow:\s*server\b", re.MULTILINE | re.IGNORECASE)


class ProjectError(FlowError, ValueError):
    """A ``pyproject.toml`` says what cannot be."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a project says of its modules, on top of ``SERVER_ONLY_MODULES``."""

    server: frozenset[str] = frozenset()
    client: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()  # of its data, that pages get; see flow.build.data
    packages: tuple[str, ...] = ()  # that are fetched for pages; see flow.build.fetching
    folder: Path | None = None  # where the project is

    def is_server_only(self, module: str) -> bool:
        """Whether a module stays on the server. What is said of the innermost package around it counts."""
        at = module
        while at:
            if at in self.client:
                return False
            if at in self.server or at in SERVER_ONLY_MODULES:
                return True
            at = at.rpartition(".")[0]
        return False

    @classmethod
    def of_project(cls, folder: Path) -> Rules:
        """The rules of the project that a folder is in: of the ``pyproject.toml`` there, or above."""
        for each in (folder, *folder.parents):
            project = each / "pyproject.toml"
            if project.is_file():
                return cls._read(project)
        return cls()

    @classmethod
    def _read(cls, project: Path) -> Rules:
        try:
            table = tomllib.loads(project.read_text("utf-8")).get("tool", {}).get("flow", {})
        except (OSError, ValueError) as error:
            raise ProjectError(f"{project} cannot be read: {error}") from error
        if not isinstance(table, dict):
            raise ProjectError(f"{project}: [tool.flow] is a table")
        server, client = (_names(project, option, table.get(option, [])) for option in ("server", "client"))
        files, packages = (_texts(project, option, table.get(option, [])) for option in ("files", "packages"))
        if wrong := next((each for each in files if ".." in Path(each).parts or Path(each).is_absolute()), None):
            raise ProjectError(f"{project}: files of [tool.flow] are below the project's folder, not {wrong!r}")
        if wrong := next((each for each in packages if not each[:1].isalnum()), None):
            raise ProjectError(f"{project}: packages of [tool.flow] are requirements like 'humanize>=4', not {wrong!r}")
        if files and "pathlib" not in server:
            client |= {"pathlib"}  # by which the page finds them, and nothing else: it has no other files
        return cls(server, client, files, packages, project.parent)


def is_marked(source: str) -> bool:
    """Whether a module says of itself that it stays on the server."""
    return _MARK.search(source) is not None


def _texts(project: Path, option: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) and each for each in given):
        raise ProjectError(f"{project}: {option} of [tool.flow] is a list of texts, not {given!r}")
    return tuple(map(str, given))


def _names(project: Path, option: str, given: object) -> frozenset[str]:
    names: Iterable[object] = given if isinstance(given, list) else [given]
    for name in names:
        if not isinstance(name, str) or not all(part.isidentifier() for part in name.split(".")):
            raise ProjectError(f"{project}: {option} of [tool.flow] takes names of modules, not {name!r}")
    return frozenset(str(name) for name in names)
