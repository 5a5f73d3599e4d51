"""A case of the corpus as it lies on disk: a message, and the case file that says what must come of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from sso.saml.types import ConnectionConfig, PinnedCertificate
from tests.saml.corpus import keys
from tests.saml.messages import ACS_URL, ENTITY_ID, ISSUER, SSO_URL

ROOT = Path(__file__).parent
# How a message becomes the form field: the length of a line of base64 (0: one line) and what breaks it.
WRAPS = {
    "base64": (0, ""),
    "base64 in lines of 60, LF": (60, "\n"),
    "base64 in lines of 60, CRLF": (60, "\r\n"),
    "base64 in lines of 76, LF": (76, "\n"),
    "base64 in lines of 76, CRLF": (76, "\r\n"),
    "as it is": (-1, ""),
}


@dataclass(frozen=True)
class Connection:
    """What the connection expects. Certificates and keys are named; keys.py has them."""

    entity_id: str = ENTITY_ID
    acs_url: str = ACS_URL
    issuer: str = ISSUER
    sso_url: str = SSO_URL
    certificates: tuple[str, ...] = ("idp",)
    allow_tile: bool = True
    allow_sha1: bool = False
    decryption_keys: tuple[str, ...] = ()

    def config(self) -> ConnectionConfig:
        pinned = []
        for name in self.certificates:
            certificate = keys.certificate(name)
            pinned.append(
                PinnedCertificate(
                    keys.certificate_pem(name),
                    certificate.fingerprint(hashes.SHA256()).hex(),
                    certificate.not_valid_before_utc,
                    certificate.not_valid_after_utc,
                )
            )
        return ConnectionConfig(
            entity_id=self.entity_id,
            acs_url=self.acs_url,
            idp_entity_id=self.issuer,
            sso_url=self.sso_url,
            certificates=tuple(pinned),
            allow_idp_initiated=self.allow_tile,
            allow_sha1=self.allow_sha1,
            decryption_keys=tuple(keys.private_pem(name) for name in self.decryption_keys),
        )


@dataclass(frozen=True)
class Request:
    """A request that was sent before. `state`: open, expired, answered, other_browser or other_connection."""

    id: str = "_asked"
    state: str = "open"


@dataclass(frozen=True)
class Member:
    """Somebody who is there already; `organization` is acme or globex, `linked` a NameID."""

    email: str
    role: str = "agent"
    organization: str = "acme"
    active: bool = True
    linked: str = ""


@dataclass(frozen=True)
class Organization:
    """What is known of Acme and its people when the message arrives."""

    domains: tuple[str, ...] = ("acme.example",)
    members: tuple[Member, ...] = ()
    invited: tuple[str, ...] = ()
    seats: int = 10
    create_members: bool = True


@dataclass(frozen=True)
class Person:
    """Who must be in. `warnings` are codes of the report; `session_ends_at` is a time or empty."""

    email: str
    first_name: str
    last_name: str
    name_id: str
    session_ends_at: str = ""
    role: str = "agent"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """One case. Either `signs_in` or `refused` (codes, the first is the one that counts) is there."""

    path: str
    kind: str
    why: str
    wrap: str
    time: str
    second_opinion: str
    connection: Connection
    request: Request | None = None
    organization: Organization = field(default_factory=Organization)
    sent: str = "once"
    after: str = ""
    signs_in: Person | None = None
    refused: tuple[str, ...] = ()
    message: bytes = field(default=b"", repr=False)

    @property
    def is_good(self) -> bool:
        return self.path.startswith("good/")

    @property
    def now(self) -> datetime:
        return datetime.strptime(self.time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)

    @property
    def field(self) -> str:
        """The SAMLResponse as it is posted."""
        width, line_break = WRAPS[self.wrap]
        if width < 0:
            return self.message.decode("utf-8")
        text = base64.b64encode(self.message).decode()
        width = width or len(text)
        return line_break.join(text[start : start + width] for start in range(0, len(text), width))

    @property
    def message_name(self) -> str:
        return "message.txt" if self.wrap == "as it is" else "message.xml"

    def case_file(self) -> str:
        """The case file: JSON in a fixed order, without what is left at its default."""
        said = asdict(self)
        del said["path"], said["message"]
        defaults = {"request": None, "organization": asdict(Organization()), "sent": "once", "after": ""}
        kept = {
            name: value
            for name, value in said.items()
            if not (name in defaults and value == defaults[name]) and value not in (None, ())
        }
        return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def read(folder: Path) -> Case:
    """Read a case from its folder."""
    said: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    said["connection"] = Connection(**_tuples(said["connection"]))
    if "request" in said:
        said["request"] = Request(**said["request"])
    if "organization" in said:
        about = _tuples(said["organization"])
        about["members"] = tuple(Member(**member) for member in about["members"])
        said["organization"] = Organization(**about)
    if "signs_in" in said:
        said["signs_in"] = Person(**_tuples(said["signs_in"]))
    case = Case(path=folder.relative_to(ROOT).as_posix(), **_tuples(said))
    message = (folder / case.message_name).read_bytes()
    return Case(**{name: getattr(case, name) for name in case.__dataclass_fields__} | {"message": message})


def all_cases() -> list[Case]:
    """Every case on disk, in the order of the paths."""
    return list(_cases())


def _cases() -> Iterator[Case]:
    for found in sorted(ROOT.glob("*/*/*/case.json")):
        yield read(found.parent)


def _tuples(said: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
