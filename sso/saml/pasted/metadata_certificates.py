"""Which certificates of an identity provider's metadata are taken, and which are left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sso.saml.pasted.certificate_problems import CertificateProblem, CertificateRefused
from sso.saml.pasted.certificates import IdpCertificateInfo, read_certificates
from sso.saml.pasted.metadata import IdpMetadata, MetadataProblem, MetadataRefused
from sso.saml.validity import Validity, validity_of

# Each may be a chain to be put in order; a handful is in use where keys are being changed.
MOST_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class SigningCertificates:
    """The certificates of all keys that an identity provider signs with.

    `taken` is to be saved, each once. Left out are `expired` ones, unless there are only such, one for each problem in
    `unusable`, and whatever comes after the first ten (`is_cut_off`).
    """

    taken: tuple[IdpCertificateInfo, ...]
    expired: tuple[IdpCertificateInfo, ...]
    unusable: tuple[CertificateProblem, ...]
    is_cut_off: bool


def signing_certificates(metadata: IdpMetadata, now: datetime) -> SigningCertificates:
    """Every certificate of the metadata that can be used. Raises MetadataRefused if none can."""
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
    # Identity providers go on signing with an expired certificate: if there is no other, it is theirs.
    taken = in_time or set(found)
    return SigningCertificates(
        taken=tuple(each for sha256, each in found.items() if sha256 in taken),
        expired=tuple(each for sha256, each in found.items() if sha256 not in taken),
        unusable=tuple(unusable),
        is_cut_off=looked_at > MOST_CERTIFICATES,
    )
