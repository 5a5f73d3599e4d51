"""The state on disk: a JSON file and a folder of private keys, for one process at a time."""

import copy
import datetime as dt
import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sso.simulator.json_records import from_json, to_json
from sso.simulator.signing_keys import FIVE_YEARS, Certificate, KeyKind, SigningKey, load_key
from sso.simulator.state import State, first_state, new_certificate


class StateUnusable(Exception):
    """The directory cannot be used. The message says why."""


class Store:
    """Keeps the state. One writer at a time; readers never see a half-written state."""

    def __init__(self, directory: Path) -> None:
        """Open the directory, or make it. Raises StateUnusable."""
        self._directory = directory
        self._writing = threading.RLock()
        try:
            (directory / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock_file = self._lock_directory()
            self._state = self._load()
        except OSError as trouble:
            raise StateUnusable(f"cannot use {directory}: {trouble.strerror}") from trouble

    @property
    def state(self) -> State:
        """The current state. Do not change it."""
        return self._state

    @contextmanager
    def change(self) -> Iterator[State]:
        """Yields a copy to change. It becomes the state and is saved, unless an error is raised."""
        with self._writing:
            changed = copy.deepcopy(self._state)
            yield changed
            self._write(changed)
            self._state = changed

    def reset(self) -> None:
        """Begin again: the default people, a new certificate, no apps."""
        with self._writing:
            fresh = self._fresh()
            self._write(fresh)
            for row in self._state.certificates:
                self._key_file(row.id).unlink(missing_ok=True)
            self._state = fresh

    def make_certificate(
        self, kind: KeyKind, *, name: str = "", valid_days: int = FIVE_YEARS, age_days: int = 0
    ) -> Certificate:
        """Make a certificate and its key, and remember both."""
        certificate, key = new_certificate(
            kind, dt.datetime.now(dt.UTC), name=name, valid_days=valid_days, age_days=age_days
        )
        self._write_file(self._key_file(certificate.id), key)
        with self.change() as state:
            state.certificates.append(certificate)
        return certificate

    def key(self, certificate: Certificate) -> SigningKey:
        """The private key of a certificate."""
        return load_key(self._key_file(certificate.id).read_bytes())

    def close(self) -> None:
        """Unlock the directory."""
        self._lock_file.close()

    def _lock_directory(self) -> IO[str]:
        handle = (self._directory / "lock").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise StateUnusable(f"{self._directory} is in use by another stand-in") from None
        return handle

    def _load(self) -> State:
        try:
            content = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            state = self._fresh()
            self._write(state)
            return state
        try:
            return from_json(State, json.loads(content))
        except ValueError as trouble:
            raise StateUnusable(f"{self._file} is damaged ({trouble}); delete it to begin again") from trouble

    def _fresh(self) -> State:
        certificate, key = new_certificate(KeyKind.RSA_2048, dt.datetime.now(dt.UTC))
        state = first_state(certificate)
        self._write_file(self._key_file(certificate.id), key)
        return state

    @property
    def _file(self) -> Path:
        return self._directory / "state.json"

    def _key_file(self, id: str) -> Path:
        return self._directory / "keys" / f"{id}.pem"

    def _write(self, state: State) -> None:
        self._write_file(self._file, json.dumps(to_json(state), indent=1).encode())

    @staticmethod
    def _write_file(path: Path, content: bytes) -> None:
        """Write a new file, then rename it: whoever reads gets the old one or the new one."""
        beside = path.with_suffix(path.suffix + ".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        beside.replace(path)
