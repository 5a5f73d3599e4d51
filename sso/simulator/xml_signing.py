"""Signs like OneLogin, with the library signxml (xmldsig-core; SAML core 5.4)."""

from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from sso.simulator.connector import SignatureAlgorithm
from sso.simulator.signing_keys import SigningKey

DS = "http://www.w3.org/2000/09/xmldsig#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"

DIGESTS = {
    SignatureAlgorithm.SHA1: DigestAlgorithm.SHA1,
    SignatureAlgorithm.SHA256: DigestAlgorithm.SHA256,
    SignatureAlgorithm.SHA384: DigestAlgorithm.SHA384,
    SignatureAlgorithm.SHA512: DigestAlgorithm.SHA512,
}
RSA_METHODS = {
    SignatureAlgorithm.SHA1: SignatureMethod.RSA_SHA1,
    SignatureAlgorithm.SHA256: SignatureMethod.RSA_SHA256,
    SignatureAlgorithm.SHA384: SignatureMethod.RSA_SHA384,
    SignatureAlgorithm.SHA512: SignatureMethod.RSA_SHA512,
}
ECDSA_METHODS = {
    SignatureAlgorithm.SHA1: SignatureMethod.ECDSA_SHA1,
    SignatureAlgorithm.SHA256: SignatureMethod.ECDSA_SHA256,
    SignatureAlgorithm.SHA384: SignatureMethod.ECDSA_SHA384,
    SignatureAlgorithm.SHA512: SignatureMethod.ECDSA_SHA512,
}


class _SignerWithOldAlgorithms(XMLSigner):
    """OneLogin still offers SHA-1, and the tests must see the service provider refuse it."""

    def check_deprecated_methods(self) -> None:
        """Allow SHA-1."""


def signed(
    element: etree._Element, *, key: SigningKey, certificate_pem: str, algorithm: SignatureAlgorithm
) -> etree._Element:
    """A signed copy of a Response or an Assertion. The Signature comes right after the Issuer.

    It refers to the element's own ID, with exclusive canonicalization, so the copy may be moved into another document.
    """
    issuer = element.find(f"{{{SAML}}}Issuer")
    assert issuer is not None, "everything the stand-in signs has an Issuer"
    issuer.addnext(etree.Element(f"{{{DS}}}Signature", nsmap={"ds": DS}, Id="placeholder"))
    methods = RSA_METHODS if isinstance(key, rsa.RSAPrivateKey) else ECDSA_METHODS
    signer = _SignerWithOldAlgorithms(
        signature_algorithm=methods[algorithm],
        digest_algorithm=DIGESTS[algorithm],
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(
        element, key=key, cert=certificate_pem, reference_uri=element.get("ID"), id_attribute="ID"
    )
