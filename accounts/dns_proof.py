"""The DNS TXT record that proves a domain (RFC 1035 3.3.14)."""

from __future__ import annotations

from enum import StrEnum

import dns.exception
import dns.resolver
from django.conf import settings

from accounts.models import EmailDomain

TIMEOUT = 3.0  # seconds


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
    """Ask the name servers for the record, for `TIMEOUT` at most."""
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
