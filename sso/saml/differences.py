"""Compares an expected and a received value: names the difference and marks where it is."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sso.phrases import gettext_noop

_BETWEEN = ", "
_PLACEHOLDER = re.compile(r"\{\w+\}", re.ASCII)
_TOKENS = re.compile(r"([/:?&=#.,\s])")
_OWN_PATH = re.compile(r"/sso/saml/(?P<id>[0-9a-f]{32})/(?P<page>acs|metadata)/?", re.ASCII)
_VISIBLE = str.maketrans({" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "⏎", "\u00a0": "␣"})
_MOST = 600


class Difference(StrEnum):
    """One way in which a received value differs from the expected one."""

    NOTHING_SENT = "nothing_sent"
    PLACEHOLDER = "placeholder"
    SEVERAL = "several"
    BLANK = "blank"
    HTTP = "http"
    HTTPS = "https"
    CASE = "case"
    SLASH_MISSING = "slash_missing"
    SLASH_TOO_MANY = "slash_too_many"
    ACS_URL_HERE = "acs_url_here"
    ENTITY_ID_HERE = "entity_id_here"
    OTHER_CONNECTION = "other_connection"
    OTHER_HOST = "other_host"
    CUT_SHORT = "cut_short"
    OTHER_VALUE = "other_value"

    @property
    def sentence(self) -> str:
        """What the admin reads. May contain `%(idp)s`, its `%(field)s` and the `%(received)s` value."""
        return _SENTENCES[self]

    @property
    def sentence_of_saved(self) -> str:
        """The same where the received value is right, and the one saved in JustCall is to be mended."""
        return _OF_SAVED.get(self, self.sentence)


_SENTENCES = {
    Difference.NOTHING_SENT: gettext_noop("Nothing was sent here: look at the %(field)s field in %(idp)s."),
    Difference.PLACEHOLDER: gettext_noop(
        "The %(field)s field in %(idp)s is empty: %(received)s is only what %(idp)s puts in its place."
    ),
    Difference.SEVERAL: gettext_noop("Several values were sent, and the right one is not among them."),
    Difference.BLANK: gettext_noop("There is a blank that does not belong there."),
    Difference.HTTP: gettext_noop("It begins with http instead of https."),
    Difference.HTTPS: gettext_noop("It begins with https instead of http."),
    Difference.CASE: gettext_noop("Upper and lower case differ."),
    Difference.SLASH_MISSING: gettext_noop("The slash at the end is missing."),
    Difference.SLASH_TOO_MANY: gettext_noop("There is a slash too many at the end."),
    Difference.ACS_URL_HERE: gettext_noop("This is the ACS URL. The Entity ID belongs here."),
    Difference.ENTITY_ID_HERE: gettext_noop("This is the Entity ID. The ACS URL belongs here."),
    Difference.OTHER_CONNECTION: gettext_noop(
        "It belongs to another connection, perhaps to one that was deleted."
    ),
    Difference.OTHER_HOST: gettext_noop("The host is another one, perhaps an old one."),
    Difference.CUT_SHORT: gettext_noop("The end is missing."),
    Difference.OTHER_VALUE: gettext_noop("It is another value altogether."),
}

_OF_SAVED = {
    Difference.BLANK: gettext_noop("The one received has a blank in it."),
    Difference.HTTP: gettext_noop("The one saved in JustCall begins with https, the one received with http."),
    Difference.HTTPS: gettext_noop(
        "The one saved in JustCall begins with http, the one received with https."
    ),
    Difference.SLASH_MISSING: gettext_noop(
        "The one saved in JustCall has a slash at its end, the one received has none."
    ),
    Difference.SLASH_TOO_MANY: gettext_noop(
        "The one saved in JustCall lacks the slash at its end that the one received has."
    ),
    Difference.OTHER_HOST: gettext_noop("The host is another one than in the one saved in JustCall."),
    Difference.CUT_SHORT: gettext_noop("The one saved in JustCall goes on where the one received ends."),
}

_SCHEMES = (("http:", "https:", Difference.HTTP), ("https:", "http:", Difference.HTTPS))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a value. If it `differs`, white space in it is replaced by visible characters."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two values, and both values in pieces."""

    differences: tuple[Difference, ...]
    expected: tuple[Piece, ...]
    received: tuple[Piece, ...]


def compare(expected: str, received: str) -> Comparison:
    """Compare a received value with the expected one. Of several (", "), take the most similar."""
    expected, received = expected[:_MOST], received[:_MOST]
    if not received:
        return Comparison((Difference.NOTHING_SENT,), _plain(expected), ())
    several = received.split(_BETWEEN)
    nearest = max(
        several, key=lambda value: difflib.SequenceMatcher(None, expected, value, autojunk=False).ratio()
    )
    found = _differences(expected, nearest)
    left, right = _pieces(expected, nearest)
    if found == (Difference.PLACEHOLDER,):
        left = _plain(expected)
    if len(several) > 1:
        found = (Difference.SEVERAL, *found)
        at = received.index(nearest)
        right = (*_plain(received[:at]), *right, *_plain(received[at + len(nearest) :]))
    return Comparison(found, left, right)


def _differences(expected: str, received: str) -> tuple[Difference, ...]:
    if _PLACEHOLDER.fullmatch(received.strip()):
        return (Difference.PLACEHOLDER,)
    found = []
    if any(character.isspace() for character in received):
        found.append(Difference.BLANK)
        received = "".join(received.split())
    for wrong, right, difference in _SCHEMES:
        if received.lower().startswith(wrong) and expected.startswith(right):
            found.append(difference)
            received = right + received[len(wrong) :]
    if expected.rstrip("/").casefold() != received.rstrip("/").casefold():
        other = _other(expected, received)
        # Of another value nothing else needs to be said.
        return (other,) if other is Difference.OTHER_VALUE else (*found, other)
    if expected.rstrip("/") != received.rstrip("/"):
        found.append(Difference.CASE)
    if len(received) < len(expected):
        found.append(Difference.SLASH_MISSING)
    if len(received) > len(expected):
        found.append(Difference.SLASH_TOO_MANY)
    return tuple(found)


def _other(expected: str, received: str) -> Difference:
    (our_host, our_path), (their_host, their_path) = _host_and_path(expected), _host_and_path(received)
    ours, theirs = _OWN_PATH.fullmatch(our_path), _OWN_PATH.fullmatch(their_path)
    if ours and theirs and our_host == their_host:
        if ours["id"] != theirs["id"]:
            return Difference.OTHER_CONNECTION
        return Difference.ACS_URL_HERE if theirs["page"] == "acs" else Difference.ENTITY_ID_HERE
    if their_host and their_host != our_host and their_path.rstrip("/") == our_path.rstrip("/"):
        return Difference.OTHER_HOST
    if received and expected.startswith(received):
        return Difference.CUT_SHORT
    return Difference.OTHER_VALUE


def _host_and_path(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.netloc, parts.path


def _pieces(expected: str, received: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both values in pieces. We compare whole parts of an address: marks on letters are hard to read."""
    ours, theirs = _TOKENS.split(expected), _TOKENS.split(received)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        differs = tag != "equal"
        left.append(_piece("".join(ours[i1:i2]), differs))
        right.append(_piece("".join(theirs[j1:j2]), differs))
    return _joined(left), _joined(right)


def _piece(text: str, differs: bool) -> Piece:
    return Piece(text.translate(_VISIBLE) if differs else text, differs)


def _plain(text: str) -> tuple[Piece, ...]:
    return (Piece(text, False),) if text else ()


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text)
