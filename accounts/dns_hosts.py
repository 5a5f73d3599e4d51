"""What the commonest DNS hosts call the fields of a TXT record, and what they want in them.

From their public help pages: Cloudflare “Manage DNS records”, GoDaddy “Add a TXT record”, Amazon Route 53 “Values that
are common for all routing policies”, Namecheap “How do I add TXT records”, Squarespace “DNS records”. Their labels stay
in the language of their consoles.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class DnsHost:
    """One DNS host: the menu path, the labels of its fields, and what to mind there. All want the host's short form."""

    name: str
    where: str
    host_field: str
    value_field: str
    ttl: str
    mind: str


_ADDS_DOMAIN = gettext_noop("It adds the domain by itself: leave it out.")

DNS_HOSTS = (
    DnsHost(
        "Cloudflare",
        "DNS → Records → Add record",
        "Name",
        "Content",
        "Auto",
        gettext_noop("It takes the whole host, too, and shows it without the domain."),
    ),
    DnsHost("GoDaddy", "Domain → DNS → Add New Record", "Name", "Value", "1 Hour", _ADDS_DOMAIN),
    DnsHost(
        "Amazon Route 53",
        "Hosted zones → Create record",
        "Record name",
        "Value",
        "300",
        gettext_noop('The domain stands beside the field. Put quotation marks around the value: "…".'),
    ),
    DnsHost(
        "Namecheap",
        "Domain List → Manage → Advanced DNS → Add New Record",
        "Host",
        "Value",
        "Automatic",
        _ADDS_DOMAIN,
    ),
    DnsHost("Squarespace Domains", "Domains → DNS → Add record", "Host", "Data", "1 hr", _ADDS_DOMAIN),
)
