"""The DNS TXT record that proves a domain (RFC 1035 3.3.14)."""

from __future__ import annotations

import threading
from enum import StrEnum

import dns.exception
import dns.resolver
from django.conf import settings

from accounts.models import EmailDomain

TIMEOUT = 3.0  # seconds
# A process asks for one domain at a time: while a name server hangs, the other threads must answer other people.
_asking = threading.Lock()
# Long enough for an answer of a name server that is well.
_PATIENCE = 0.3  # seconds


class Busy(Exception):
    """Another domain is being looked for, and its name server takes long."""


class Proof(StrEnum):
    """What DNS says about the record. UNKNOWN: no name server answered."""

    FOUND = "found"
    MISSING = "missing"
    UNKNOWN = "unknown"


def record_host(domain: EmailDomain) -> str:
    """The name of the TXT record."""
    return f"_justcall-verification.{domain.name}"


def record_value(domain: EmailDomain) -> str:
    """The text of the TXT record."""
    return f"justcall-domain-verification={domain.token}"


def look_up(domain: EmailDomain) -> Proof:
    """Ask the name servers for the record, for `TIMEOUT` at most. Raises Busy."""
    if not _asking.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        return _ask(domain)
    finally:
        _asking.release()


def _ask(domain: EmailDomain) -> Proof:
    try:
        answer = resolver().resolve(record_host(domain), "TXT", lifetime=TIMEOUT, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Proof.MISSING
    except dns.exception.DNSException:
        return Proof.UNKNOWN
    # A record longer than 255 octets comes in several strings (RFC 1035 3.3).
    texts = {b"".join(record.strings).decode("ascii", "replace").strip() for record in answer}
    return Proof.FOUND if record_value(domain) in texts else Proof.MISSING


def resolver() -> dns.resolver.Resolver:
    """A resolver that asks the name servers of DNS_RESOLVERS, or the system's if it is empty."""
    if not settings.DNS_RESOLVERS:
        return dns.resolver.Resolver()
    ours = dns.resolver.Resolver(configure=False)
    nameservers: list[dns.nameserver.Nameserver] = []
    for address in settings.DNS_RESOLVERS:
        host, _, port = address.rpartition(":")
        nameservers.append(dns.nameserver.Do53Nameserver(host.strip("[]"), int(port)))
    ours.nameservers = nameservers
    return ours
