"""The DNS TXT record that proves a domain (RFC 1035 3.3.14)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import dns.exception
import dns.resolver
from django.conf import settings

from accounts.models import EmailDomain
from accounts.public_suffixes import registered_domain

TIMEOUT = 3.0  # seconds
# Of a text in DNS, which may be long and anybody's.
_SHOWN = 100
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


class Slip(StrEnum):
    """What people do wrong with the record."""

    OTHER_VALUE = "other_value"
    # Their DNS host added the domain to a host that had it already.
    DOMAIN_TWICE = "domain_twice"
    AT_THE_DOMAIN = "at_the_domain"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A slip, with the text or the name that DNS has instead."""

    slip: Slip
    found: str


def zone_of(domain: EmailDomain) -> str:
    """The domain that was registered, in whose zone the record most likely is: acme.co.uk for mail.acme.co.uk."""
    return registered_domain(domain.name) or domain.name


def record_host(domain: EmailDomain) -> str:
    """The name of the TXT record."""
    return f"_justcall-verification.{domain.name}"


def short_host(domain: EmailDomain) -> str:
    """The name of the TXT record without its zone, as most DNS hosts want it."""
    return record_host(domain).removesuffix(f".{zone_of(domain)}")


def record_value(domain: EmailDomain) -> str:
    """The text of the TXT record."""
    return f"justcall-domain-verification={domain.token}"


def look_up(domain: EmailDomain) -> Proof:
    """Ask the name servers for the record, for `TIMEOUT` at most. Raises Busy."""
    with _one_at_a_time():
        texts = _texts_at(record_host(domain), TIMEOUT)
    if texts is None:
        return Proof.UNKNOWN
    return Proof.FOUND if record_value(domain) in texts else Proof.MISSING


def mistake_in(domain: EmailDomain) -> Mistake | None:
    """Why the record is missing, as far as DNS shows it. Asks for `TIMEOUT` at most. Raises Busy."""
    with _one_at_a_time():
        return _mistake_in(domain, TIMEOUT / 3)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _asking.acquire(timeout=_PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _asking.release()


def _mistake_in(domain: EmailDomain, lifetime: float) -> Mistake | None:
    value = record_value(domain)
    others = _texts_at(record_host(domain), lifetime)
    if others:
        return Mistake(Slip.OTHER_VALUE, min(others)[:_SHOWN])
    doubled = f"{record_host(domain)}.{zone_of(domain)}"
    for slip, name in ((Slip.DOMAIN_TWICE, doubled), (Slip.AT_THE_DOMAIN, domain.name)):
        if value in (_texts_at(name, lifetime) or ()):
            return Mistake(slip, name)
    return None


def _texts_at(name: str, lifetime: float) -> set[str] | None:
    """The TXT records of a name. None: no name server answered within `lifetime` seconds."""
    try:
        answer = resolver().resolve(name, "TXT", lifetime=lifetime, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return set()
    except dns.exception.DNSException:
        return None
    # A record longer than 255 octets comes in several strings (RFC 1035 3.3).
    return {b"".join(record.strings).decode("ascii", "replace").strip() for record in answer}


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
