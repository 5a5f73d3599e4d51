"""Fetches an identity provider's metadata from a URL that an admin typed, without SSRF.

https and public addresses only. The name is resolved here, every address it has is checked, and the connection goes to
the checked address itself, so a second answer of the name server changes nothing. Redirects are followed by hand and
checked like the first address. Nothing of the environment (proxies, netrc) is used.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

import dns.exception
import idna
from django.utils.translation import gettext_noop

from accounts.dns_proof import resolver
from sso.connection.public_addresses import is_public
from sso.connection.timed_socket import TimedSocket, TooSlow
from sso.saml.pasted.metadata import MAX_BYTES, IdpMetadata, read_idp_metadata

Address = IPv4Address | IPv6Address
MAX_REDIRECTS = 3
MAX_URL = 2048
SECONDS = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {
    "Accept": "application/samlmetadata+xml, application/xml, text/xml, */*;q=0.1",
    # Anything compressed would be refused: a small answer must not become a large one.
    "Accept-Encoding": "identity",
    "User-Agent": "JustCall-SSO",
    "Connection": "close",
}


class FetchProblem(StrEnum):
    """Why nothing was fetched."""

    NOT_A_URL = "not_a_url"
    NOT_HTTPS = "not_https"
    CREDENTIALS = "credentials"
    NOT_REACHABLE = "not_reachable"
    NOT_FOUND_IN_PUBLIC = "not_found_in_public"
    TLS = "tls"
    TOO_SLOW = "too_slow"
    NOT_HTTP = "not_http"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    STATUS = "status"
    COMPRESSED = "compressed"
    TOO_LARGE = "too_large"

    @property
    def sentence(self) -> str:
        """What the admin reads. `%(detail)s` is the status of the answer, where there is one."""
        return _SENTENCES[self]


_SENTENCES = {
    FetchProblem.NOT_A_URL: gettext_noop(
        "This is not a web address. Copy the metadata address in one piece."
    ),
    FetchProblem.NOT_HTTPS: gettext_noop(
        "The address, or one it leads to, does not begin with https://, so anybody on the way could change it. "
        "Upload the file instead."
    ),
    FetchProblem.CREDENTIALS: gettext_noop(
        "The address contains a user name or password. Upload the file instead."
    ),
    FetchProblem.NOT_REACHABLE: gettext_noop(
        "Nothing answered at this address. Check it, or upload the file instead."
    ),
    # One sentence for "no such name" and "a name inside": nobody learns from us what names exist inside.
    FetchProblem.NOT_FOUND_IN_PUBLIC: gettext_noop(
        "The address, or one it leads to, was not found on the public internet. Check it, or upload the file instead."
    ),
    FetchProblem.TLS: gettext_noop(
        "The site's certificate can't be trusted for this address. Check the address, or upload the file instead."
    ),
    FetchProblem.TOO_SLOW: gettext_noop(
        "The site took longer than 10 seconds. Try again, or upload the file instead."
    ),
    FetchProblem.NOT_HTTP: gettext_noop(
        "The site's answer can't be understood. Check the address, or upload the file instead."
    ),
    FetchProblem.TOO_MANY_REDIRECTS: gettext_noop(
        "The address leads on more than 3 times. Enter the last one, or upload the file instead."
    ),
    FetchProblem.STATUS: gettext_noop(
        "The site answered with status %(detail)s instead of the metadata. Check the address: it must open without "
        "signing in."
    ),
    FetchProblem.COMPRESSED: gettext_noop("The site sent a compressed file. Upload the file instead."),
    FetchProblem.TOO_LARGE: gettext_noop(
        "The site's answer is larger than 1 MB. Metadata of one app is a few kilobytes. Check the address."
    ),
}


class FetchFailed(Exception):
    """Nothing was fetched. Carries the reason, and nothing of what was received."""

    def __init__(self, problem: FetchProblem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.detail = problem, detail


def resolve(host: str, seconds: float) -> list[str]:
    """All addresses of a name, from the name servers alone. Raises FetchFailed."""
    try:
        answers = resolver().resolve_name(host, lifetime=seconds, search=False)
        return list(answers.addresses())
    except dns.exception.Timeout:
        raise FetchFailed(FetchProblem.TOO_SLOW) from None
    except (dns.exception.DNSException, UnicodeError):
        raise FetchFailed(FetchProblem.NOT_FOUND_IN_PUBLIC) from None


@dataclass(frozen=True, slots=True)
class MetadataFetcher:
    """How metadata is fetched.

    `resolve` takes a host name and a time limit in seconds. `seconds` is the limit for the whole fetch.
    `loopback_over_http` allows http to this machine, for the demo.
    """

    resolve: Callable[[str, float], Sequence[str]] = resolve
    allowed: Callable[[Address], bool] = is_public
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS
    loopback_over_http: bool = False

    def fetch(self, url: str) -> bytes:
        """The document at an address, at most 1 MiB. Raises FetchFailed, and nothing else."""
        deadline = time.monotonic() + self.seconds
        base = ""
        for _hop in range(MAX_REDIRECTS + 1):
            parts = self._split(base, url)
            found = self._get(parts, deadline)
            if isinstance(found, bytes):
                return found
            base, url = parts.geturl(), found
        raise FetchFailed(FetchProblem.TOO_MANY_REDIRECTS)

    def _split(self, base: str, link: str) -> SplitResult:
        """Resolve a link against `base`, the address it came from (empty for the first), and check it."""
        try:
            url = urljoin(base, link)
            parts = urlsplit(url)
            _port = parts.port
        except ValueError:
            raise FetchFailed(FetchProblem.NOT_A_URL) from None
        is_text = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
        if not is_text or len(url) > MAX_URL or not parts.hostname or not parts.scheme:
            raise FetchFailed(FetchProblem.NOT_A_URL)
        came_from_https = base.startswith("https:")
        if parts.scheme != "https" and (came_from_https or not self._is_own_machine(parts)):
            raise FetchFailed(FetchProblem.NOT_HTTPS)
        if parts.username is not None or parts.password is not None:
            raise FetchFailed(FetchProblem.CREDENTIALS)
        return parts

    def _is_own_machine(self, parts: SplitResult) -> bool:
        return self.loopback_over_http and parts.scheme == "http" and parts.hostname in _LOOPBACK_HOSTS

    def _get(self, parts: SplitResult, deadline: float) -> bytes | str:
        """The document, or the address the site redirects to."""
        assert parts.hostname is not None
        connection = HTTPConnection(parts.hostname, _port(parts))
        try:
            with self._connect(parts, deadline) as channel:
                # With a socket of ours, the library opens none itself.
                connection.sock = TimedSocket(channel, deadline)
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                connection.request("GET", path, headers={"Host": parts.netloc} | _HEADERS)
                return _read(connection.getresponse())
        except TooSlow:
            raise FetchFailed(FetchProblem.TOO_SLOW) from None
        except ssl.SSLError:
            raise FetchFailed(FetchProblem.TLS) from None
        except (HTTPException, ValueError):
            raise FetchFailed(FetchProblem.NOT_HTTP) from None
        except OSError:
            raise FetchFailed(FetchProblem.NOT_REACHABLE) from None

    def _connect(self, parts: SplitResult, deadline: float) -> socket.socket:
        assert parts.hostname is not None
        for address in self._addresses(parts, deadline):
            try:
                channel = socket.create_connection((str(address), _port(parts)), timeout=_left(deadline))
            except OSError:
                continue
            if parts.scheme == "http":
                return channel
            try:
                channel.settimeout(_left(deadline))
                return self.tls.wrap_socket(channel, server_hostname=parts.hostname)
            except TimeoutError:
                channel.close()
                raise TooSlow from None
            except (OSError, ValueError):
                channel.close()
                raise
        _left(deadline)
        raise FetchFailed(FetchProblem.NOT_REACHABLE)

    def _addresses(self, parts: SplitResult, deadline: float) -> list[Address]:
        """The addresses to connect to. Refuses a name if any of its addresses is not public."""
        assert parts.hostname is not None
        if self._is_own_machine(parts):
            return [ip_address("127.0.0.1" if parts.hostname == "localhost" else parts.hostname)]
        try:
            texts: Sequence[str] = [str(ip_address(parts.hostname))]
        except ValueError:
            texts = self.resolve(parts.hostname, _left(deadline))
        # IPv4 first: many machines resolve IPv6 addresses but can't reach them.
        addresses = sorted((ip_address(text) for text in texts), key=lambda address: address.version)
        if not addresses or not all(self.allowed(address) for address in addresses):
            raise FetchFailed(FetchProblem.NOT_FOUND_IN_PUBLIC)
        return addresses


def fetch_idp_metadata(url: str, fetcher: MetadataFetcher, own_site: str) -> IdpMetadata:
    """The identity provider's metadata at an address. Raises FetchFailed or MetadataRefused."""
    return read_idp_metadata(fetcher.fetch(url), own_site)


def fetcher_for(base_url: str) -> MetadataFetcher:
    """The fetcher for a site at this address. Only one at http on this machine may fetch from itself."""
    own = urlsplit(base_url)
    return MetadataFetcher(loopback_over_http=own.scheme == "http" and own.hostname in _LOOPBACK_HOSTS)


def ascii_url(url: str) -> str:
    """The address with its host name in ASCII (IDNA 2008), or unchanged if it has no such form."""
    try:
        host = urlsplit(url).hostname or ""
        return url if host.isascii() else url.replace(host, idna.encode(host, uts46=True).decode(), 1)
    except (ValueError, idna.IDNAError):
        return url


def _read(response: HTTPResponse) -> bytes | str:
    location = response.getheader("Location")
    if response.status in _REDIRECTS and location:
        return location
    if response.status != 200:
        raise FetchFailed(FetchProblem.STATUS, str(response.status))
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        raise FetchFailed(FetchProblem.COMPRESSED)
    if (response.length or 0) > MAX_BYTES:
        raise FetchFailed(FetchProblem.TOO_LARGE)
    data = response.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise FetchFailed(FetchProblem.TOO_LARGE)
    return data


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _left(deadline: float) -> float:
    """Seconds until the deadline. Raises TooSlow after it."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlow
    return left
