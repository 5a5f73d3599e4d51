"""Scratch databases: a file of SQLite, or a database of PostgreSQL that is dropped at the end."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
VENDORS = ("SQLite", "PostgreSQL")
POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@dataclass(frozen=True)
class Database:
    """A database that is there. `url` is for DATABASE_URL."""

    vendor: str
    url: str

    def count(self, table: str, condition: str = "true") -> int:
        """How many rows of a table meet a condition."""
        (rows,) = self.ask(f"SELECT count(*) FROM {table} WHERE {condition}")
        return int(rows)

    def ask(self, statement: str) -> Any:
        """The first row of a statement, asked on a connection of its own."""
        with self.connected() as connection:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor.fetchone()

    @contextmanager
    def connected(self) -> Iterator[Any]:
        """A connection that commits each statement by itself."""
        connection: Any
        if self.vendor == "SQLite":
            connection = sqlite3.connect(
                self.url.removeprefix("sqlite:///"), timeout=20, isolation_level=None
            )
        else:
            connection = psycopg2.connect(self.url)
            connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def scratch(vendor: str, name: str) -> Iterator[Database]:
    """An empty database for one contestant, removed at the end."""
    if vendor == "SQLite":
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{name}-{os.getpid()}.sqlite3"
        try:
            yield Database(vendor, f"sqlite:///{path}")
        finally:
            for left in FOLDER.glob(f"{path.name}*"):
                left.unlink()
        return
    database = f"bench_{name}_{os.getpid()}"
    server = Database(vendor, POSTGRES_URL)
    with server.connected() as connection:
        connection.cursor().execute(f"CREATE DATABASE {database}")
    try:
        yield Database(vendor, urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{database}")))
    finally:
        with server.connected() as connection:
            connection.cursor().execute(f"DROP DATABASE {database} WITH (FORCE)")
