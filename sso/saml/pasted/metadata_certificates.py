"""Chooses which certificates of an identity provider's metadata to save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused
from sso.saml.pasted.certificates import IdpCertificateInfo, read_certificates
from sso.saml.pasted.metadata import IdpMetadata, MetadataProblem, MetadataRefused
from sso.saml.validity import Validity, validity_of

# An identity provider that changes keys has a handful. Each key may have a chain, and sorting chains takes time.
MOST_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class SigningCertificates:
    """The signing certificates of metadata: which to save, and which are left out.

    `taken` are to be saved, each once. `expired` are left out, unless all have expired. `unusable` has the problem of
    each one that can't be used. `is_cut_off`: there were more than MOST_CERTIFICATES, and the rest was not read.
    """

    taken: tuple[IdpCertificateInfo, ...]
    expired: tuple[IdpCertificateInfo, ...]
    unusable: tuple[CertificateProblem, ...]
    is_cut_off: bool


def signing_certificates(metadata: IdpMetadata, now: datetime) -> SigningCertificates:
    """Choose the certificates to save at the time `now` (aware). Raises MetadataRefused if there is none."""
    found: dict[str, IdpCertificateInfo] = {}
    unusable: list[CertificateProblem] = []
    looked_at = 0
    for key in metadata.signing_keys:
        looked_at += len(key)
        if looked_at > MOST_CERTIFICATES:
            break
        try:
            certificates = read_certificates(b"".join(key))
        except CertificateRefused as refused:
            unusable.append(refused.problem)
        else:
            found |= {each.sha256: each for each in certificates}
    if not found:
        raise MetadataRefused(MetadataProblem.NO_USABLE_CERTIFICATE, tuple(unusable))
    in_time = {sha256 for sha256, each in found.items() if validity_of(each, now) is not Validity.EXPIRED}
    # Some identity providers go on signing with an expired certificate, so if there is no other, it is saved.
    taken = in_time or set(found)
    return SigningCertificates(
        taken=tuple(each for sha256, each in found.items() if sha256 in taken),
        expired=tuple(each for sha256, each in found.items() if sha256 not in taken),
        unusable=tuple(unusable),
        is_cut_off=looked_at > MOST_CERTIFICATES,
    )
