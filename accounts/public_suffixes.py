"""Which domains belong to somebody, and which are shared by everybody, such as co.uk (the public suffix list)."""

from __future__ import annotations

import tldextract

# The list that ships with the package: nothing is ever fetched.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
# It reads its list at the first call. So call it now, while one thread runs, and not in several requests at once.
_SUFFIXES("justcall.example")


def registered_domain(name: str) -> str:
    """The domain that somebody has registered, acme.co.uk of mail.acme.co.uk; empty for a public suffix itself.

    An unknown suffix, such as .example, is taken to have one label.
    """
    found = _SUFFIXES(name, include_psl_private_domains=True)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    return ".".join(name.split(".")[-2:])
