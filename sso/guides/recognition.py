"""Recognises what an admin pasted: a value in the wrong field, and whose address it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, urlsplit

from sso.guides.guide import Guide
from sso.phrases import gettext_noop

MAX_URL, MAX_ENTITY_ID = 2048, 1024
_CERTIFICATE = re.compile(r"-BEGIN |^MI[A-Za-z0-9+/\s]{60}")
_XML = re.compile(r"^\?xml\b|\bxmlns\b|</")
# An attribute of metadata, copied with its name.
_ATTRIBUTE = re.compile(r"^(?:entityID|Location)\s*=\s*([\"'])([^\"']*)\1\s*/?>?$", re.I)
_AROUND = "\"'`“”‘’<>"
_EMPTY_END = re.compile(r"(?:[?&#\s]|%20)+$", re.I)
_HOST_FIRST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)")
# Parameters of a message by HTTP-Redirect (bindings 3.4.4.1).
_OF_A_REQUEST = frozenset({"samlrequest", "samlresponse", "relaystate", "sigalg", "signature"})
_OWN_PATH = re.compile(r"/sso/saml/[0-9a-f]{32}/(acs|metadata)/?")


class AddressProblem(StrEnum):
    """What is wrong with a pasted SSO URL or issuer."""

    BLANK_INSIDE = "blank_inside"
    PRIVATE_KEY = "private_key"
    CERTIFICATE = "certificate"
    XML = "xml"
    EMAIL = "email"
    NO_SCHEME = "no_scheme"
    NOT_A_URL = "not_a_url"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    FRAGMENT = "fragment"
    REQUEST_INSIDE = "request_inside"
    TOO_LONG = "too_long"
    OUR_ACS_URL = "our_acs_url"
    OUR_ENTITY_ID = "our_entity_id"
    OUR_OWN_SITE = "our_own_site"
    SLO_URL = "slo_url"
    ISSUER = "issuer"
    METADATA_URL = "metadata_url"
    SSO_URL = "sso_url"
    TILE_URL = "tile_url"
    SWAPPED = "swapped"

    @property
    def sentence(self) -> str:
        """What the admin reads.

        `%(idp)s` is the identity provider's name. `%(sso)s`, `%(issuer)s` and `%(wanted)s` are labels of its fields.
        """
        return _SENTENCES[self]


_SENTENCES = {
    AddressProblem.BLANK_INSIDE: gettext_noop(
        "There is a space or line break inside. Copy it again in one piece."
    ),
    AddressProblem.PRIVATE_KEY: gettext_noop(
        "This is a private key. We have not kept any of it. Treat it as exposed and replace it."
    ),
    AddressProblem.CERTIFICATE: gettext_noop("This is a certificate. It belongs in the Certificate field."),
    AddressProblem.XML: gettext_noop(
        "This is XML. If it is the metadata of %(idp)s, paste it into Metadata URL at “Upload metadata instead”."
    ),
    AddressProblem.EMAIL: gettext_noop("This is an email address. Paste the address that %(idp)s shows."),
    AddressProblem.NO_SCHEME: gettext_noop("The beginning is missing. Paste it with https:// in front."),
    AddressProblem.NOT_A_URL: gettext_noop("This is not a web address. Copy “%(sso)s” from %(idp)s."),
    AddressProblem.NOT_HTTPS: gettext_noop(
        "It must begin with https://, so that nobody can read along or change it."
    ),
    AddressProblem.CREDENTIALS: gettext_noop(
        "It contains a user name or password. Copy the plain address from %(idp)s."
    ),
    AddressProblem.FRAGMENT: gettext_noop(
        "It ends with a # part that is never sent. Copy “%(sso)s” from %(idp)s."
    ),
    AddressProblem.REQUEST_INSIDE: gettext_noop(
        "It has the SAMLRequest of one sign-in in it. Copy “%(sso)s” from %(idp)s, without what follows “?”."
    ),
    AddressProblem.TOO_LONG: gettext_noop("It is longer than any such value. Copy it again."),
    AddressProblem.OUR_ACS_URL: gettext_noop(
        "This is JustCall's own ACS URL. It belongs into %(idp)s; here goes “%(wanted)s” from %(idp)s."
    ),
    AddressProblem.OUR_ENTITY_ID: gettext_noop(
        "This is JustCall's own Entity ID. It belongs into %(idp)s; here goes “%(wanted)s” from %(idp)s."
    ),
    AddressProblem.OUR_OWN_SITE: gettext_noop(
        "This is an address of JustCall itself. Here goes “%(wanted)s” from %(idp)s."
    ),
    AddressProblem.SLO_URL: gettext_noop(
        "This is the address for signing out (SLO). Copy “%(wanted)s” instead."
    ),
    AddressProblem.ISSUER: gettext_noop(
        "This is “%(issuer)s”. It belongs in Issuer / Entity ID; here goes “%(wanted)s” from %(idp)s."
    ),
    AddressProblem.METADATA_URL: gettext_noop(
        "This is the address of the metadata, not a value. Here goes “%(wanted)s”; or upload the metadata file instead."
    ),
    AddressProblem.SSO_URL: gettext_noop(
        "This is the SSO URL. It belongs in the field above; here goes “%(wanted)s” from %(idp)s."
    ),
    AddressProblem.TILE_URL: gettext_noop(
        "This address starts a sign-in at %(idp)s, as its tile does. Copy “%(wanted)s” instead."
    ),
    AddressProblem.SWAPPED: gettext_noop("SSO URL and Issuer / Entity ID are swapped. Exchange the two."),
}


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """The addresses of the connection, and the base URL of this site."""

    acs_url: str
    entity_id: str
    base_url: str

    @property
    def allows_http(self) -> bool:
        """Whether an SSO URL may use http: only if this site does, as in the demo on one machine."""
        return self.base_url.startswith("http://")


def tidy(value: str) -> str:
    """Remove what copying adds to a value: white space, quotes, angle brackets, invisible characters."""
    visible = "".join(c for c in value if c not in "\ufeff\u200b\u200c\u200d\u2060\u00ad")
    return _ATTRIBUTE.sub(r"\2", visible.strip()).strip(_AROUND).strip()


def tidy_sso_url(value: str) -> str:
    """Tidy an SSO URL, and remove an empty query or fragment: a request would be put behind it."""
    return _EMPTY_END.sub("", tidy(value))


def problem_of_sso_url(value: str, own: OwnAddresses, guide: Guide) -> AddressProblem | None:
    """What is wrong with an SSO URL, or None. The value is tidied."""
    if problem := _problem_of_any(value, own, MAX_URL):
        return problem
    # Before splitting, because a host with a port would be taken for a scheme.
    if _HOST_FIRST.match(value):
        return AddressProblem.NO_SCHEME
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return AddressProblem.NOT_A_URL
    if parts.username is not None:
        return AddressProblem.CREDENTIALS
    # Before NOT_HTTPS, because an issuer may begin with http, and its own problem says more.
    if misplaced := _misplaced(parts, guide, "slo", "issuer", "metadata", "tile"):
        return misplaced
    if parts.scheme == "http" and not own.allows_http:
        return AddressProblem.NOT_HTTPS
    if {name.lower() for name, _value in parse_qsl(parts.query, keep_blank_values=True)} & _OF_A_REQUEST:
        return AddressProblem.REQUEST_INSIDE
    return AddressProblem.FRAGMENT if parts.fragment else None


def problem_of_issuer(value: str, own: OwnAddresses, guide: Guide) -> AddressProblem | None:
    """What is wrong with an Issuer / Entity ID, or None. The value is tidied. Any URI is valid."""
    if problem := _problem_of_any(value, own, MAX_ENTITY_ID):
        return problem
    parts = _split(value)
    return _misplaced(parts, guide, "sso", "slo", "metadata", "tile") if parts else None


_MISPLACED = {
    "sso": AddressProblem.SSO_URL,
    "slo": AddressProblem.SLO_URL,
    "issuer": AddressProblem.ISSUER,
    "metadata": AddressProblem.METADATA_URL,
    "tile": AddressProblem.TILE_URL,
}


def _misplaced(parts: SplitResult, guide: Guide, *shapes: str) -> AddressProblem | None:
    """The problem of an address that is another one of that identity provider, by its path, or None."""
    for shape in shapes:
        if re.fullmatch(getattr(guide.url_shapes, shape), parts.path):
            return _MISPLACED[shape]
    return None


def guide_of(values: Iterable[str], guides: Iterable[Guide]) -> Guide | None:
    """The guide whose identity provider these values come from, or None.

    The first match decides: a host, else a path that no other identity provider has (on a company's own host), else a
    status message.
    """
    said, known = list(values), list(guides)
    addresses = [parts for value in said if (parts := _split(value)) is not None]
    by_host = (
        guide
        for parts in addresses
        for guide in known
        if re.fullmatch(guide.url_shapes.hosts, parts.hostname or "")
    )
    by_path = (guide for parts in addresses for guide in known if _is_by_path(parts, guide))
    by_message = (guide for text in said for guide in known if re.search(guide.status_messages, text))
    return next(by_host, None) or next(by_path, None) or next(by_message, None)


def _is_by_path(parts: SplitResult, guide: Guide) -> bool:
    shapes = guide.url_shapes
    return any(re.fullmatch(getattr(shapes, kind), parts.path) for kind in shapes.telling)


def are_swapped(sso_url: str, issuer: str, guide: Guide) -> bool:
    """Whether each of the two looks like the other one."""
    sso, other = _split(sso_url), _split(issuer)
    return (
        sso is not None
        and other is not None
        and re.fullmatch(guide.url_shapes.issuer, sso.path) is not None
        and re.fullmatch(guide.url_shapes.sso, other.path) is not None
    )


def acs_url_validator(acs_url: str) -> str:
    """The regular expression for OneLogin's ACS URL Validator: anchored, with . and / escaped."""
    escaped = re.sub(r"([\\^$*+?()\[\]{}|])", r"\\\1", acs_url)
    return f"^{escaped.replace('.', chr(92) + '.').replace('/', chr(92) + '/')}$"


def _problem_of_any(value: str, own: OwnAddresses, longest: int) -> AddressProblem | None:
    if "PRIVATE KEY" in value:
        return AddressProblem.PRIVATE_KEY
    if _CERTIFICATE.search(value):
        return AddressProblem.CERTIFICATE
    if _XML.search(value):
        return AddressProblem.XML
    if re.search(r"\s", value) or not value.isprintable():
        return AddressProblem.BLANK_INSIDE
    if len(value) > longest:
        return AddressProblem.TOO_LONG
    if re.fullmatch(r"[^@/\s:]+@[^@/\s:]+", value):
        return AddressProblem.EMAIL
    return _problem_of_own(value, own)


def _problem_of_own(value: str, own: OwnAddresses) -> AddressProblem | None:
    address = value.lower()
    if address.strip("^$").replace("\\", "").rstrip("/") == own.acs_url.rstrip("/"):
        return AddressProblem.OUR_ACS_URL
    if address.rstrip("/") == own.entity_id.rstrip("/"):
        return AddressProblem.OUR_ENTITY_ID
    base = own.base_url.lower()
    if address != base and not address.startswith(f"{base}/"):
        return None
    if found := _OWN_PATH.fullmatch(address.removeprefix(base)):
        return AddressProblem.OUR_ACS_URL if found[1] == "acs" else AddressProblem.OUR_ENTITY_ID
    return AddressProblem.OUR_OWN_SITE


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return None
    return parts
