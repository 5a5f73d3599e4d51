"""Signed with another key, or by an algorithm that is not on the list."""

from __future__ import annotations

from typing import Any

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection
from tests.saml.corpus.kinds import ALGORITHMS, FOREIGN_KEY
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, Recipe, bad
from tests.saml.corpus.signing import EXCLUSIVE, INCLUSIVE, Signing
from tests.saml.messages import DS
from tests.saml.moves import set_attribute, set_text

_SIGNATURE = "saml:Assertion/ds:Signature"
_INFO = f"{_SIGNATURE}/ds:SignedInfo"


def _foreign(variant: str, why: str, refusal: Refusal = Refusal.SIGNATURE_INVALID, **how: Any) -> Recipe:
    return bad(refusal, variant, FOREIGN_KEY, why, **({"proof": DOES_NOT_COVER} | how))


def _weak(variant: str, why: str, signing: Signing, proof: str = COVERS, **how: Any) -> Recipe:
    return bad(Refusal.WEAK_ALGORITHM, variant, ALGORITHMS, why, signing=signing, proof=proof, **how)


def _renamed(
    variant: str, why: str, path: str, algorithm: str, refusal: Refusal = Refusal.WEAK_ALGORITHM
) -> Recipe:
    """The name of an algorithm changed after signing."""
    then = set_attribute(f"{_INFO}/{path}", "Algorithm", algorithm)
    return bad(refusal, variant, ALGORITHMS, why, then=then, proof=DOES_NOT_COVER)


def _second_signed_by(key: str) -> dict[str, Any]:
    return {"sign": "both", "response_signing": Signing(key=key)}


RECIPES = (
    _foreign(
        "own_key_own_certificate",
        "A stranger's key, with its certificate in the message.",
        Refusal.CERTIFICATE_REPLACED,
        signing=Signing(key="mallory"),
    ),
    _foreign(
        "own_key_response_signed",
        "The same on the Response.",
        Refusal.CERTIFICATE_REPLACED,
        signing=Signing(key="mallory"),
        sign="response",
    ),
    _foreign(
        "same_subject",
        "A certificate that bears the name of ours.",
        Refusal.CERTIFICATE_REPLACED,
        signing=Signing(key="mallory", certificates=("mallory_as_idp",)),
    ),
    _foreign(
        "certificate_of_another_connection",
        "The key of another company's identity provider.",
        Refusal.CERTIFICATE_REPLACED,
        signing=Signing(key="globex"),
    ),
    _foreign(
        "key_of_another_type",
        "An EC key where an RSA certificate is saved.",
        Refusal.CERTIFICATE_REPLACED,
        signing=Signing(key="p256"),
    ),
    _foreign(
        "own_key_no_key_info",
        "A stranger's key, and nothing said about it.",
        signing=Signing(key="mallory", key_info=()),
    ),
    _foreign(
        "own_key_our_certificate",
        "A stranger's key under our certificate.",
        signing=Signing(key="mallory", certificates=("idp",)),
    ),
    _foreign(
        "own_key_both_certificates",
        "A stranger's key, our certificate first and its own second.",
        signing=Signing(key="mallory", certificates=("idp", "mallory")),
    ),
    _foreign(
        "own_key_certificate_of_a_third",
        "A stranger's key under the certificate of another stranger.",
        signing=Signing(key="mallory", certificates=("globex",)),
    ),
    _foreign(
        "own_key_value", "A stranger's key as KeyValue.", signing=Signing(key="mallory", key_info=("value",))
    ),
    _foreign(
        "own_key_our_name",
        "A stranger's key, called by the name of ours.",
        signing=Signing(key="mallory", key_info=("name",)),
    ),
    _foreign(
        "key_info_is_no_certificate",
        "Something else where a certificate should be.",
        signing=Signing(key="mallory"),
        then=set_text(f"{_SIGNATURE}/ds:KeyInfo/ds:X509Data/ds:X509Certificate", "AAAA"),
    ),
    _foreign(
        "response_by_a_stranger",
        "The assertion by our key, the Response by a stranger's.",
        Refusal.CERTIFICATE_REPLACED,
        proof=COVERS,
        **_second_signed_by("mallory"),
    ),
    _foreign(
        "assertion_by_a_stranger",
        "The Response by our key, the assertion in it by a stranger's.",
        Refusal.CERTIFICATE_REPLACED,
        sign="both",
        signing=Signing(key="mallory"),
        response_signing=Signing(),
        proof=COVERS,
    ),
    _weak("rsa_sha1", "RSA-SHA1 where nobody has accepted it.", Signing(hash="sha1")),
    _weak("rsa_sha1_response_signed", "The same on the Response.", Signing(hash="sha1"), sign="response"),
    _weak(
        "ecdsa_sha1",
        "ECDSA with SHA-1.",
        Signing(key="p256", hash="sha1"),
        connection=Connection(certificates=("p256",)),
    ),
    _weak("sha1_digest", "A SHA-1 digest under RSA-SHA256.", Signing(digest="sha1")),
    _weak("rsa_sha1_over_sha256", "RSA-SHA1 over a SHA-256 digest.", Signing(hash="sha1", digest="sha256")),
    _weak(
        "sha1_on_one_of_two",
        "SHA-256 on the assertion, SHA-1 on the Response.",
        Signing(),
        sign="both",
        response_signing=Signing(hash="sha1"),
    ),
    _weak("rsa_md5", "RSA-MD5.", Signing(hash="md5", digest="sha256"), DOES_NOT_COVER),
    _weak("md5_digest", "An MD5 digest.", Signing(digest="md5"), DOES_NOT_COVER),
    _weak(
        "md5_where_sha1_is_allowed",
        "Accepting SHA-1 accepts nothing weaker.",
        Signing(hash="md5", digest="sha1"),
        DOES_NOT_COVER,
        connection=Connection(allow_sha1=True),
    ),
    _weak("rsa_sha224", "SHA-224 is not on the list.", Signing(hash="sha224")),
    _weak(
        "rsa_pss_sha1",
        "RSA-PSS with SHA-1.",
        Signing(scheme="pss", hash="sha1", digest="sha256"),
    ),
    _weak(
        "rsa_pss_sha1_where_sha1_is_allowed",
        "Accepting SHA-1 is for old identity providers, and none of them signs with RSA-PSS.",
        Signing(scheme="pss", hash="sha1"),
        connection=Connection(allow_sha1=True),
    ),
    _weak("rsa_pss_sha224", "RSA-PSS with SHA-224.", Signing(scheme="pss", hash="sha224")),
    _foreign(
        "rsa_pss_by_a_stranger",
        "RSA-PSS by a stranger's key.",
        signing=Signing(key="mallory", scheme="pss", key_info=()),
    ),
    _foreign(
        "rsa_pss_without_salt",
        "RSA-PSS without salt.",
        signing=Signing(scheme="pss", salt=0),
    ),
    _weak(
        "hmac_with_the_public_key",
        "HMAC-SHA256 with our certificate as the secret.",
        Signing(scheme="hmac"),
        DOES_NOT_COVER,
    ),
    _weak(
        "hmac_sha1_with_the_public_key",
        "HMAC-SHA1 with our certificate as the secret.",
        Signing(scheme="hmac", hash="sha1", digest="sha256"),
        DOES_NOT_COVER,
    ),
    _weak(
        "hmac_where_sha1_is_allowed",
        "Accepting SHA-1 does not accept HMAC.",
        Signing(scheme="hmac", hash="sha1"),
        DOES_NOT_COVER,
        connection=Connection(allow_sha1=True),
    ),
    bad(
        Refusal.OTHER_CANONICALIZATION,
        "inclusive_c14n_of_signed_info",
        ALGORITHMS,
        "SignedInfo canonicalised with what is around it.",
        signing=Signing(c14n=INCLUSIVE),
    ),
    _renamed("unknown_method", "A method nobody knows.", "ds:SignatureMethod", "urn:none"),
    _renamed("empty_method", "No method.", "ds:SignatureMethod", ""),
    _renamed("dsa_method", "DSA.", "ds:SignatureMethod", f"{DS}dsa-sha1"),
    _renamed("unknown_digest", "A digest nobody knows.", "ds:Reference/ds:DigestMethod", "urn:none"),
    _renamed(
        "unknown_c14n",
        "A canonicalisation nobody knows.",
        "ds:CanonicalizationMethod",
        f"{EXCLUSIVE}Other",
        Refusal.OTHER_CANONICALIZATION,
    ),
)
