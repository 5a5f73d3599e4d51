"""The dress of the other common identity providers: prefixes, signatures, attribute names, times."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.saml.corpus.case import Connection, Request
from tests.saml.corpus.dialects import (
    BASIC,
    UNSPECIFIED,
    URI,
    both,
    declared_on_top,
    fractions,
    friendly,
    name_format,
    type_of_values,
)
from tests.saml.corpus.recipe import NORA, Recipe, good, swap
from tests.saml.corpus.signing import Signing
from tests.saml.encrypting import XENC, XENC11
from tests.saml.messages import CLAIMS, PERSISTENT, PLAIN_NAMES

NO_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_OKTA = "http://www.okta.com/exk1fcia6d6EMsf331d8"
_ENTRA = "https://sts.windows.net/0f2a9c1e-6d1b-4c57-9d31-2b7f0d5a7c11/"
_GOOGLE = "https://accounts.google.com/o/saml2?idpid=C01abc234"
_ADFS = "http://adfs.acme.example/adfs/services/trust"
_KEYCLOAK = "https://sso.acme.example/realms/acme"
_PING = "https://auth.pingone.eu/6f6a2c1e-0d7b-4f8e-9b1a-5c3d2e1f0a9b"
_SHIBBOLETH = "https://idp.acme.example/idp/shibboleth"
_SIMPLE = "https://idp.acme.example/simplesaml/saml2/idp/metadata.php"
_PREFIX_2 = {"p": "saml2p:", "a": "saml2:"}
_ASKED = Request("_9a1c4f7d0b2e4a68")

_CLAIM_NAMES = (
    (f"{CLAIMS}emailaddress", ("nora@acme.example",)),
    (f"{CLAIMS}givenname", ("Nora",)),
    (f"{CLAIMS}surname", ("New",)),
)
_ENTRA_NAMES = (
    ("http://schemas.microsoft.com/identity/claims/tenantid", ("0f2a9c1e-6d1b-4c57-9d31-2b7f0d5a7c11",)),
    ("http://schemas.microsoft.com/identity/claims/objectidentifier", ("7c2e4b10",)),
    ("http://schemas.microsoft.com/identity/claims/displayname", ("Nora New",)),
    ("http://schemas.microsoft.com/claims/authnmethodsreferences", ("…/password", "…/multipleauthn")),
    *_CLAIM_NAMES,
    (f"{CLAIMS}name", ("nora@acme.example",)),
)
_OID = {"mail": "urn:oid:0.9.2342.19200300.100.1.3", "givenName": "urn:oid:2.5.4.42", "sn": "urn:oid:2.5.4.4"}
_OID_NAMES = (
    (_OID["mail"], ("nora@acme.example",)),
    (_OID["givenName"], ("Nora",)),
    (_OID["sn"], ("New",)),
)


def _vendor(name: str, why: str, issuer: str, **how: Any) -> Recipe:
    """An honest message of one identity provider at its issuer."""
    says = {"issuer": issuer, "response_issuer": issuer} | how.pop("says", {})
    connection = replace(how.pop("connection", Connection()), issuer=issuer)
    return good(name, why, says=says, connection=connection, trailing="", **({"wrap": "base64"} | how))


def _okta(name: str, why: str, **how: Any) -> Recipe:
    signing = Signing(inclusive="xs")
    return _vendor(
        f"okta/{name}",
        why,
        _OKTA,
        **(
            {
                "dialect": _PREFIX_2,
                "signing": signing,
                "edit": both(name_format(UNSPECIFIED), fractions("123")),
            }
            | how
        ),
    )


def _entra(name: str, why: str, **how: Any) -> Recipe:
    says = {"attributes": _ENTRA_NAMES, "typed": False, "session_until": None} | how.pop("says", {})
    options = {
        "dialect": {"a": ""},
        "signing": Signing(prefix=""),
        "edit": fractions("871"),
        "person": replace(NORA, session_ends_at=""),
    }
    return _vendor(f"entra/{name}", why, _ENTRA, says=says, **(options | how))


def _google(name: str, why: str, **how: Any) -> Recipe:
    options = {
        "dialect": _PREFIX_2,
        "sign": "response",
        "signing": Signing(key_info=("subject",)),
        "edit": both(type_of_values("anyType"), fractions("460")),
        "person": replace(NORA, session_ends_at=""),
    }
    says = {"session_until": None} | how.pop("says", {})
    return _vendor(f"google/{name}", why, _GOOGLE, says=says, **(options | how))


def _adfs(name: str, why: str, **how: Any) -> Recipe:
    options = {
        "dialect": {"a": ""},
        "signing": Signing(),
        "edit": both(
            fractions("104"),
            swap(
                ' Destination="', ' Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" Destination="'
            ),
        ),
        "person": replace(NORA, session_ends_at=""),
    }
    says = {"attributes": _CLAIM_NAMES, "typed": False, "session_until": None} | how.pop("says", {})
    return _vendor(f"adfs/{name}", why, _ADFS, says=says, **(options | how))


def _keycloak(name: str, why: str, **how: Any) -> Recipe:
    signing = Signing(prefix="dsig", key_info=("name", "certificate", "value"))
    options = {
        "edit": both(name_format(BASIC), fractions("019")),
        "sign": "both",
        "signing": signing,
    }
    return _vendor(f"keycloak/{name}", why, _KEYCLOAK, **(options | how))


def _ping(name: str, why: str, **how: Any) -> Recipe:
    edit = both(name_format(BASIC), fractions("337"))
    return _vendor(f"ping/{name}", why, _PING, **({"edit": edit} | how))


def _shibboleth(name: str, why: str, **how: Any) -> Recipe:
    says = {"attributes": _OID_NAMES} | how.pop("says", {})
    options = {
        "dialect": _PREFIX_2,
        "edit": both(name_format(URI), friendly(**_OID), fractions("552"), _address, _qualified),
        "sign": "both",
        "signing": Signing(inclusive="xsd", line="&#13;\n"),
    }
    return _vendor(f"shibboleth/{name}", why, _SHIBBOLETH, says=says, **(options | how))


def _simple(name: str, why: str, **how: Any) -> Recipe:
    edit = both(declared_on_top, name_format(BASIC))
    return _vendor(
        f"simplesamlphp/{name}",
        why,
        _SIMPLE,
        **({"edit": edit, "sign": "both", "signing": Signing(width=10_000)} | how),
    )


def _address(text: str) -> str:
    """The address of the browser, in the confirmation and in a SubjectLocality."""
    text = text.replace("SubjectConfirmationData ", 'SubjectConfirmationData Address="203.0.113.7" ')
    return re.sub(
        r"<([\w]*:?)AuthnContext>", r'<\1SubjectLocality Address="203.0.113.7"/><\1AuthnContext>', text
    )


def _qualified(text: str) -> str:
    return re.sub(
        r"NameID Format=", f'NameID NameQualifier="{_SHIBBOLETH}" SPNameQualifier="urn:sp" Format=', text
    )


def _pairwise(text: str) -> str:
    """eduPersonTargetedID: an attribute whose value is a NameID."""
    value = (
        '<saml2:Attribute Name="urn:oid:1.3.6.1.4.1.5923.1.1.1.10"><saml2:AttributeValue>'
        f'<saml2:NameID Format="{PERSISTENT}" NameQualifier="{_SHIBBOLETH}">Ax7!opaque</saml2:NameID>'
        "</saml2:AttributeValue></saml2:Attribute></saml2:AttributeStatement>"
    )
    return text.replace("</saml2:AttributeStatement>", value)


RECIPES = (
    _okta(
        "both_signed",
        "Okta's default: both signed, saml2 prefixes, xs kept by InclusiveNamespaces.",
        sign="both",
    ),
    _okta("assertion_signed", "Response signature switched off."),
    _okta("response_signed", "Assertion signature switched off.", sign="response"),
    _okta(
        "name_id_unspecified",
        "Name ID format: Unspecified, filled with the Okta username.",
        says={"name_id_format": NO_FORMAT},
        sign="both",
    ),
    _okta("sp_initiated", "An answer to our request.", sign="both", request=_ASKED),
    _okta(
        "group_attribute",
        "A group filter gives many values.",
        says={"attributes": (*PLAIN_NAMES, ("groups", tuple(f"Team {n}" for n in range(40))))},
        sign="both",
    ),
    _okta(
        "encrypted_aes256_gcm",
        "Assertion encryption: AES256-GCM with RSA-OAEP, signed inside and outside.",
        sign="both",
        encrypt={"cipher": "aes256-gcm"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    _entra("assertion_signed", "Microsoft Entra ID's default: default namespaces, claim URIs as names."),
    _entra("response_signed", "Signing option: Sign SAML response.", sign="response"),
    _entra("both_signed", "Signing option: Sign SAML response and assertion.", sign="both"),
    _entra(
        "persistent_name_id",
        "NameID is the opaque persistent one, the email a claim.",
        says={"name_id": "AAAAAHs9x+opaque/1=", "name_id_format": PERSISTENT},
        person=replace(NORA, name_id="AAAAAHs9x+opaque/1=", session_ends_at=""),
    ),
    _entra("sp_initiated", "An answer to our request.", request=_ASKED),
    _entra(
        "unspecified_name_id",
        "user.userprincipalname as an unspecified NameID.",
        says={"name_id_format": NO_FORMAT},
    ),
    _entra(
        "encrypted_aes256_cbc",
        "Token encryption: AES-256-CBC with RSA-OAEP.",
        encrypt={"cipher": "aes256-cbc"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    _google(
        "response_signed", "Google Workspace with Signed response ticked: anyType values, a subject name."
    ),
    _google("assertion_signed", "Signed response not ticked.", sign="assertion"),
    _google(
        "basic_information_only",
        "Attribute mapping left out: NameID EMAIL alone.",
        says={"attributes": ()},
        edit=fractions("460"),
        person=replace(
            NORA,
            first_name="",
            last_name="",
            session_ends_at="",
            warnings=("email_as_name_id", "names_missing"),
        ),
    ),
    _google("sp_initiated", "An answer to our request.", request=_ASKED),
    _adfs("assertion_signed", "AD FS's default: the assertion signed, a Consent, claims as names."),
    _adfs("message_and_assertion", "SamlResponseSignature MessageAndAssertion.", sign="both"),
    _adfs("message_only", "SamlResponseSignature MessageOnly.", sign="response"),
    _adfs(
        "encrypted_aes256_cbc",
        "An encryption certificate on the relying party trust: AES-256-CBC, RSA-OAEP.",
        encrypt={"cipher": "aes256-cbc", "digest": "http://www.w3.org/2000/09/xmldsig#sha1"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    _adfs("seven_digits_of_a_second", "Times as .NET writes them.", edit=fractions("1040000")),
    _keycloak("both_signed", "Sign documents and assertions: a KeyName, the certificate and a KeyValue."),
    _keycloak("documents_signed", "Sign documents only.", sign="response"),
    _keycloak("assertions_signed", "Sign assertions only.", sign="assertion"),
    _keycloak(
        "key_id_only",
        "SAML signature key name: KEY_ID, no certificate in the message.",
        signing=Signing(prefix="dsig", key_info=("name",)),
    ),
    _keycloak(
        "c14n_with_comments",
        "Canonicalization: EXCLUSIVE_WITH_COMMENTS, in a message without comments.",
        signing=Signing(
            prefix="dsig",
            transforms=(
                "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
                "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
            ),
        ),
    ),
    _keycloak(
        "roles_as_attributes_of_one_name",
        "Role mappers without Single Role Attribute: Role many times.",
        says={
            "attributes": (*PLAIN_NAMES, ("Role", ("user",)), ("Role", ("manager",)), ("Role", ("audit",)))
        },
    ),
    _keycloak(
        "encrypted_aes128_cbc",
        "Encrypt assertions, as before version 25.",
        encrypt={"cipher": "aes128-cbc"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    _keycloak(
        "encrypted_aes256_gcm",
        "Encrypt assertions, as since version 25: RSA-OAEP with SHA-256 in both places.",
        encrypt={
            "transport": f"{XENC11}rsa-oaep",
            "digest": f"{XENC}sha256",
            "mgf": f"{XENC11}mgf1sha256",
        },
        connection=Connection(decryption_keys=("sp",)),
    ),
    _ping("assertion_signed", "PingOne's default."),
    _ping("response_signed", "Sign Response.", sign="response"),
    _ping(
        "no_key_info",
        "PingFederate without Include the certificate in the signature.",
        signing=Signing(key_info=()),
    ),
    _ping("rsa_sha512", "Signing algorithm RSA_SHA512.", signing=Signing(hash="sha512"), sign="both"),
    _shibboleth(
        "both_signed",
        "Qualified NameID, addresses, OIDs with friendly names, CR LF inside base64.",
        edit=both(name_format(URI), friendly(**_OID), fractions("552"), _address, _qualified),
    ),
    _shibboleth("response_signed", "The default for SAML 2: the Response signed.", sign="response"),
    _shibboleth(
        "encrypted_aes128_gcm",
        "The default of version 4: AES-128-GCM, the key inside, Response signed.",
        sign="response",
        encrypt={"cipher": "aes128-gcm"},
        connection=Connection(decryption_keys=("sp",)),
    ),
    _shibboleth(
        "encrypted_key_beside",
        "Peer key placement: a RetrievalMethod points at the key beside the data.",
        sign="both",
        encrypt={"cipher": "aes128-gcm", "inside": False, "retrieval": True},
        connection=Connection(decryption_keys=("sp",)),
    ),
    _shibboleth(
        "targeted_id",
        "eduPersonTargetedID: an attribute whose value is a NameID.",
        edit=both(name_format(URI), _pairwise),
    ),
    _simple(
        "both_signed", "SimpleSAMLphp's default: everything declared on top, base64 of keys in one line."
    ),
    _simple("assertion_signed", "Without sign.logout and saml20.sign.response.", sign="assertion"),
    _simple("pretty_printed", "Indented XML, signed as it stands.", dialect={"pretty": True}),
    _simple(
        "uri_names",
        "attributes.NameFormat uri with OIDs.",
        says={"attributes": _OID_NAMES},
        edit=both(declared_on_top, name_format(URI)),
    ),
)
