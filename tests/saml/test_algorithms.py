"""Every algorithm of the allow-list is one that signs in; SHA-1 where an admin allowed it, and nothing else."""

from __future__ import annotations

import pytest

from sso.refusals import Refusal
from sso.saml.signature import DIGESTS, SHA1_SIGNATURE_METHODS, SIGNATURE_METHODS
from tests.saml.examining import examined, refusals_of
from tests.saml.messages import IdentityProvider

STRONG = [(kind, f"SHA{bits}") for kind in ("rsa", "ec") for bits in (256, 384, 512)]


@pytest.mark.parametrize(("kind", "hash_"), STRONG)
def test_a_strong_algorithm_signs_in(kind: str, hash_: str) -> None:
    idp = IdentityProvider(kind, hash_)
    assert refusals_of(examined(idp.response(), idp.config())) == []


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_sha1_signs_in_only_where_it_is_allowed(kind: str) -> None:
    idp = IdentityProvider(kind, "SHA1")
    assert refusals_of(examined(idp.response(), idp.config())) == [Refusal.WEAK_ALGORITHM]
    assert refusals_of(examined(idp.response(), idp.config(allow_sha1=True))) == []


def test_there_is_no_other() -> None:
    # The corpus has messages by RSA-PSS.
    pss = {f"http://www.w3.org/2007/05/xmldsig-more#sha{bits}-rsa-MGF1" for bits in (256, 384, 512)}
    assert pss < SIGNATURE_METHODS
    assert len(SIGNATURE_METHODS) == len(STRONG) + len(pss)
    assert len(SHA1_SIGNATURE_METHODS) == 2
    assert sorted(DIGESTS.values()) == ["sha256", "sha384", "sha512"]
