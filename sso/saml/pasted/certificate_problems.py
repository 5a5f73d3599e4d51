"""Why pasted or uploaded text can't be saved as a certificate, with a sentence for each reason."""

from __future__ import annotations

from enum import StrEnum

from sso.phrases import gettext_noop


class CertificateProblem(StrEnum):
    """The reason why something can't be saved as a certificate."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PRIVATE_KEY = "private_key"
    CSR = "csr"
    PUBLIC_KEY = "public_key"
    FINGERPRINT = "fingerprint"
    DESCRIPTION = "description"
    METADATA = "metadata"
    MESSAGE = "message"
    FOR_ENCRYPTION = "for_encryption"
    HTML = "html"
    WEB_ADDRESS = "web_address"
    TRUNCATED = "truncated"
    NOT_A_CERTIFICATE = "not_a_certificate"
    SEVERAL = "several"
    WEAK_RSA = "weak_rsa"
    UNSUPPORTED_KEY = "unsupported_key"

    @property
    def sentence(self) -> str:
        """What the admin reads: what arrived, and what to do instead."""
        return _SENTENCES[self]


_SENTENCES = {
    CertificateProblem.EMPTY: gettext_noop(
        "There is nothing in it. Paste the certificate or choose its file."
    ),
    CertificateProblem.TOO_LARGE: gettext_noop(
        "This is far larger than a certificate. Copy the certificate alone."
    ),
    CertificateProblem.PRIVATE_KEY: gettext_noop(
        "This is a private key, not a certificate. We have not kept any of it. Whoever has a private key can "
        "sign in as anybody: treat it as exposed and replace it, then paste the certificate."
    ),
    CertificateProblem.CSR: gettext_noop(
        "This is a certificate signing request. Paste the certificate that was issued for it."
    ),
    CertificateProblem.PUBLIC_KEY: gettext_noop(
        "This is a public key without its certificate. Paste the whole certificate."
    ),
    CertificateProblem.FINGERPRINT: gettext_noop(
        "This is only the certificate's fingerprint. Paste the certificate itself."
    ),
    CertificateProblem.DESCRIPTION: gettext_noop(
        "This is a description of the certificate in words. Paste the part from -----BEGIN CERTIFICATE----- on."
    ),
    CertificateProblem.METADATA: gettext_noop(
        "This is a metadata document. Use “Upload metadata instead” to read it."
    ),
    CertificateProblem.MESSAGE: gettext_noop(
        "This is part of a SAML message, and anybody can put a certificate into one. Copy the certificate from your "
        "identity provider's settings or metadata."
    ),
    CertificateProblem.FOR_ENCRYPTION: gettext_noop(
        'This certificate is for encryption only. Paste the one for signing (use="signing").'
    ),
    CertificateProblem.HTML: gettext_noop(
        "This is a web page, not a certificate. Perhaps the download asked you to sign in."
    ),
    CertificateProblem.WEB_ADDRESS: gettext_noop(
        "This is a web address, not a certificate. Open it, and paste or upload the certificate that is there."
    ),
    CertificateProblem.TRUNCATED: gettext_noop(
        "The certificate is cut off. Copy it from the first to the last line."
    ),
    CertificateProblem.NOT_A_CERTIFICATE: gettext_noop("This is not an X.509 certificate."),
    CertificateProblem.SEVERAL: gettext_noop(
        "There are several certificates in it, and it isn't clear which one signs. Paste the signing one alone."
    ),
    CertificateProblem.WEAK_RSA: gettext_noop(
        "Its RSA key is shorter than 2048 bits, so signatures made with it prove nothing."
    ),
    CertificateProblem.UNSUPPORTED_KEY: gettext_noop(
        "Its key is of a kind that is not accepted. RSA of 2048 to 8192 bits and EC P-256, P-384 and P-521 are."
    ),
}


class CertificateRefused(Exception):
    """The input can't be saved as a certificate. Keeps nothing of the input."""

    def __init__(self, problem: CertificateProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem
