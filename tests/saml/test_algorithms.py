"""Every algorithm of the allow-list is one that signs in; SHA-1 where an admin allowed it, and nothing else."""

from __future__ import annotations

import pytest

from sso.refusals import Refusal
from sso.report_words.words import in_words
from sso.saml.signature import DIGESTS, SHA1_SIGNATURE_METHODS, SIGNATURE_METHODS
from tests.saml.examining import IDP, examined, refusals_of
from tests.saml.messages import DS, IdentityProvider, Message, encode
from tests.saml.moves import child

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"

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


@pytest.mark.parametrize(
    ("algorithm", "said"),
    [
        (f"{_C14N}", f"inclusive C14N ({_C14N})"),
        (f"{_C14N}#WithComments", f"inclusive C14N with comments ({_C14N}#WithComments)"),
        ("http://www.w3.org/2006/12/xml-c14n11", "inclusive C14N 1.1 (http://www.w3.org/2006/12/xml-c14n11)"),
        (f"{DS}base64", "base64"),
        ("urn:x", "urn:x"),
        ("", "without a name"),
    ],
)
def test_another_canonicalization_is_named(algorithm: str, said: str) -> None:
    for path in ("ds:CanonicalizationMethod", "ds:Reference/ds:Transforms/ds:Transform[2]"):
        root = IDP.sign(Message().xml())
        child(root, f"saml:Assertion/ds:Signature/ds:SignedInfo/{path}").set("Algorithm", algorithm)
        (failure,) = examined(encode(root)).report.failures
        assert failure.refusal is Refusal.OTHER_CANONICALIZATION
        assert in_words(failure.received) in (said, f"enveloped-signature, {said}")
