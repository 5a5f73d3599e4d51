"""Which certificates of a metadata document are taken: every key's, within their time, and none is lost silently."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509

from sso.saml.pasted.certificate_problems import CertificateProblem
from sso.saml.pasted.certificates import IdpCertificateInfo, read_certificate
from sso.saml.pasted.metadata import IdpMetadata, MetadataProblem, MetadataRefused
from sso.saml.pasted.metadata_certificates import (
    MOST_CERTIFICATES,
    SigningCertificates,
    signing_certificates,
)
from tests.saml.certificate_forms import NOW, certificate, der_of, ec_key, rsa_key

ONE = certificate()
TWO = certificate(rsa_key(number=1), subject="Two")
OLD = certificate(rsa_key(number=2), subject="Old", not_after=NOW - timedelta(seconds=1))
# From tomorrow on: the one that is to follow.
NEXT = certificate(rsa_key(number=3), subject="Next", not_after=NOW + timedelta(days=1827))
WEAK = certificate(rsa_key(1024))


def taken_of(*keys: tuple[x509.Certificate, ...] | x509.Certificate) -> SigningCertificates:
    chains = tuple(key if isinstance(key, tuple) else (key,) for key in keys)
    metadata = IdpMetadata(
        "urn:idp", "https://idp.example/", tuple(tuple(map(der_of, chain)) for chain in chains)
    )
    return signing_certificates(metadata, NOW)


def infos(*certificates: x509.Certificate) -> tuple[IdpCertificateInfo, ...]:
    return tuple(read_certificate(der_of(each)) for each in certificates)


def test_it_takes_the_certificate_of_every_key() -> None:
    assert taken_of(ONE, TWO) == SigningCertificates(infos(ONE, TWO), (), (), is_cut_off=False)


def test_it_takes_each_once() -> None:
    assert taken_of(ONE, (TWO, ONE)).taken == infos(ONE, TWO)


def test_it_takes_one_that_is_not_valid_yet() -> None:
    assert taken_of(ONE, NEXT).taken == infos(ONE, NEXT)


def test_it_leaves_an_expired_one_out_and_says_so() -> None:
    found = taken_of(OLD, ONE)
    assert (found.taken, found.expired) == (infos(ONE), infos(OLD))


def test_it_takes_expired_ones_if_there_are_no_others() -> None:
    found = taken_of(OLD, WEAK)
    assert (found.taken, found.expired) == (infos(OLD), ())
    assert found.unusable == (CertificateProblem.WEAK_RSA,)


def test_it_takes_the_leaf_of_a_chain_and_trusts_nobody_else() -> None:
    root_key = rsa_key(number=4)
    root = certificate(root_key, subject="root")
    leaf = certificate(rsa_key(number=5), subject="leaf", issuer="root", issuer_key=root_key)
    assert taken_of((leaf, root), ONE).taken == infos(leaf, ONE)
    # Of a key of its own, each is a signing certificate: the metadata says so.
    assert taken_of(leaf, root).taken == infos(leaf, root)


def test_it_says_what_can_not_be_used() -> None:
    found = taken_of(WEAK, ONE, certificate(ec_key("secp256k1")))
    assert found.taken == infos(ONE)
    assert found.unusable == (CertificateProblem.WEAK_RSA, CertificateProblem.UNSUPPORTED_KEY)


def test_it_refuses_metadata_without_one_that_can_be_used_and_says_why() -> None:
    with pytest.raises(MetadataRefused) as refused:
        taken_of(WEAK, certificate(ec_key("secp256k1")))
    assert refused.value.problem is MetadataProblem.NO_USABLE_CERTIFICATE
    assert "can be used" in refused.value.problem.sentence
    assert refused.value.certificates == (CertificateProblem.WEAK_RSA, CertificateProblem.UNSUPPORTED_KEY)


def test_ten_certificates_are_looked_at_and_no_more() -> None:
    several = [certificate(ec_key(), subject=f"{number}") for number in range(MOST_CERTIFICATES + 1)]
    assert MOST_CERTIFICATES == 10
    whole = taken_of(*several[:10])
    assert (len(whole.taken), whole.is_cut_off) == (10, False)
    cut = taken_of(*several)
    assert (cut.taken, cut.is_cut_off) == (whole.taken, True)
    # Nor does a long chain get through.
    chain = taken_of(ONE, tuple(several[:10]))
    assert (chain.taken, chain.is_cut_off) == (infos(ONE), True)
