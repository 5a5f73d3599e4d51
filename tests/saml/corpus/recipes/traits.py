"""Honest traits that no single identity provider owns: keys, algorithms, namespaces, whitespace, times, audiences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.saml.corpus.case import Connection, Request
from tests.saml.corpus.dialects import declared_on_top, fractions
from tests.saml.corpus.keys import rsa_key
from tests.saml.corpus.recipe import NORA, Recipe, good, swap
from tests.saml.corpus.recipes.moments import bearer, confirmed_by
from tests.saml.corpus.signing import EXCLUSIVE, Signing
from tests.saml.encrypting import XENC, XENC11
from tests.saml.messages import ACS_URL, ENTITY_ID, ISSUER, SAML, SAMLP

_IN_TIME = 'NotOnOrAfter="2026-03-12T09:03:00Z"'
_SP = Connection(decryption_keys=("sp",))
_SHA1_DIGEST = "http://www.w3.org/2000/09/xmldsig#sha1"
_OTHERS = "https://other.example/metadata/"
_RESTRICTION = (
    f"<saml:AudienceRestriction><saml:Audience>{ENTITY_ID}</saml:Audience></saml:AudienceRestriction>"
)


def _two_prefixes(name: str, why: str, start: str, **how: Any) -> Recipe:
    """Two prefixes for one namespace: an element that begins in this way."""
    edit = swap(start.partition(" ")[0] + " ", start)
    return good(f"namespaces/two_prefixes_{name}", why, edit=edit, **how)


def _trusting(key: str) -> Connection:
    return Connection(certificates=(key,))


RECIPES = (
    # White space around URIs, as pretty-printers leave it
    good(
        "white_space/audience",
        "An audience on a line of its own.",
        says={"audiences": (f"\n    {ENTITY_ID}\n  ",)},
    ),
    good(
        "white_space/audience_of_several",
        "Three audiences, each written in another way.",
        says={"audiences": (f"\t{_OTHERS}", f"\r\n{ENTITY_ID} ", _OTHERS)},
        sign="response",
    ),
    good(
        "white_space/issuers",
        "Both issuers on lines of their own.",
        says={"issuer": f"\n  {ISSUER}\n", "response_issuer": f"\n{ISSUER}\t"},
        sign="both",
    ),
    good(
        "white_space/issuer_of_the_assertion",
        "The two issuers are written differently.",
        says={"issuer": f" {ISSUER}\n"},
    ),
    # Several confirmations: one that holds is enough
    good(
        "confirmations/another_service_first",
        "The first bearer confirmation is for another service.",
        edit=confirmed_by(
            bearer(f'Recipient="{_OTHERS}" {_IN_TIME}'), bearer(f'Recipient="{ACS_URL}" {_IN_TIME}')
        ),
    ),
    good(
        "confirmations/over_first",
        "The first bearer confirmation is over, the second is not.",
        edit=confirmed_by(
            bearer(f'Recipient="{ACS_URL}" NotOnOrAfter="2026-03-12T07:53:20Z"'),
            bearer(f'Recipient="{ACS_URL}" {_IN_TIME}'),
        ),
        sign="response",
    ),
    good(
        "confirmations/without_end_first",
        "The first bearer confirmation has no end, the second has.",
        edit=confirmed_by(bearer(f'Recipient="{ACS_URL}"'), bearer(f'Recipient="{ACS_URL}" {_IN_TIME}')),
    ),
    good(
        "confirmations/request_of_another_first",
        "The first bearer confirmation answers another service's request.",
        edit=confirmed_by(
            bearer(f'InResponseTo="_theirs" Recipient="{_OTHERS}" {_IN_TIME}'),
            bearer(f'InResponseTo="_asked" Recipient="{ACS_URL}" {_IN_TIME}'),
        ),
        request=Request(),
        sign="both",
    ),
    good(
        "confirmations/holder_of_key_beside",
        "A holder-of-key confirmation beside the bearer's.",
        edit=confirmed_by(
            bearer(f'Recipient="{ACS_URL}" {_IN_TIME}').replace("cm:bearer", "cm:holder-of-key"),
            bearer(f'Recipient="{ACS_URL}" {_IN_TIME}'),
        ),
    ),
    # Times and requests
    good(
        "times/offset_of_zero",
        "UTC written as +00:00, with seven digits.",
        says={
            "not_before": "2026-03-12T08:57:00.1234567+00:00",
            "not_on_or_after": "2026-03-12T09:03:00+00:00",
        },
        edit=swap(
            'NotOnOrAfter="2026-03-12T09:03:00Z" Rec', 'NotOnOrAfter="2026-03-12T09:03:00.0000000+00:00" Rec'
        ),
    ),
    good(
        "requests/empty_in_response_to",
        "Nobody asked, and InResponseTo is empty.",
        says={"in_response_to": ""},
        sign="both",
    ),
    # Keys and algorithms
    good(
        "keys/ec_p256",
        "ECDSA with SHA-256 on P-256.",
        signing=Signing(key="p256"),
        sign="both",
        connection=_trusting("p256"),
    ),
    good(
        "keys/ec_p384",
        "ECDSA with SHA-384 on P-384.",
        signing=Signing(key="p384", hash="sha384"),
        connection=_trusting("p384"),
    ),
    good(
        "keys/ec_p521",
        "ECDSA with SHA-512 on P-521.",
        signing=Signing(key="p521", hash="sha512"),
        sign="response",
        connection=_trusting("p521"),
    ),
    good(
        "keys/rsa_3072",
        "RSA with 3072 bits.",
        signing=Signing(key="rsa3072", hash="sha384"),
        sign="both",
        connection=_trusting("rsa3072"),
    ),
    good(
        "keys/rsa_4096",
        "RSA with 4096 bits.",
        signing=Signing(key="rsa4096"),
        connection=_trusting("rsa4096"),
    ),
    *(
        good(
            f"keys/rsa_pss_{name}", f"RSA-PSS with {name.upper()}.", signing=Signing(scheme="pss", hash=name)
        )
        for name in ("sha256", "sha384", "sha512")
    ),
    good(
        "keys/signature_and_digest_differ",
        "SHA-512 signs, SHA-256 digests.",
        signing=Signing(hash="sha512", digest="sha256"),
    ),
    good(
        "keys/two_elements_two_keys",
        "Response and assertion signed with two keys, both trusted.",
        sign="both",
        response_signing=Signing(key="idp_next"),
        connection=Connection(certificates=("idp", "idp_next")),
    ),
    good(
        "keys/sha1_digest_where_allowed",
        "A SHA-1 digest on a connection that accepts it.",
        signing=Signing(digest="sha1"),
        connection=Connection(allow_sha1=True),
    ),
    # KeyInfo: what a message carries is not asked, and must not disturb
    good("key_info/absent", "No KeyInfo at all.", signing=Signing(key_info=())),
    good(
        "key_info/several_certificates",
        "A chain in the X509Data.",
        signing=Signing(certificates=("idp", "idp_next")),
    ),
    good("key_info/key_name_only", "A KeyName alone.", signing=Signing(key_info=("name",))),
    good(
        "key_info/key_value_only", "A KeyValue alone.", signing=Signing(key_info=("value",)), sign="response"
    ),
    good(
        "key_info/another_certificate_of_the_same_key",
        "A renewed certificate for the key we trust.",
        signing=Signing(certificates=("idp_expired",)),
    ),
    # Namespaces
    good("namespaces/default_protocol", "The protocol as default namespace.", dialect={"p": ""}, sign="both"),
    good(
        "namespaces/default_assertion", "The assertion as default namespace.", dialect={"a": ""}, sign="both"
    ),
    good("namespaces/both_default", "Both as default namespaces.", dialect={"p": "", "a": ""}, sign="both"),
    good(
        "namespaces/own_prefixes", "Prefixes nobody else uses.", dialect={"p": "x:", "a": "y:"}, sign="both"
    ),
    good(
        "namespaces/signature_without_prefix",
        "XML Signature as default namespace.",
        signing=Signing(prefix=""),
        sign="both",
    ),
    good(
        "namespaces/inclusive_list_of_two",
        "PrefixList with two prefixes declared on the Response.",
        edit=declared_on_top,
        signing=Signing(inclusive="xs xsi"),
        sign="both",
    ),
    good(
        "namespaces/inclusive_default",
        "PrefixList with #default.",
        dialect={"a": ""},
        signing=Signing(inclusive="#default xs"),
    ),
    good(
        "namespaces/inclusive_of_an_undeclared_prefix",
        "PrefixList names a prefix that is nowhere declared.",
        signing=Signing(inclusive="nowhere"),
    ),
    good(
        "namespaces/same_prefix_for_two",
        "saml: means the protocol outside and the assertion inside.",
        dialect={"p": "saml:", "a": "saml2:"},
        sign="both",
    ),
    _two_prefixes(
        "outside_and_inside",
        "The assertion as default namespace, and with a prefix around it.",
        f'<samlp:Response xmlns:saml="{SAML}" ',
        dialect={"a": ""},
        sign="response",
    ),
    _two_prefixes(
        "of_the_protocol",
        "The protocol with a prefix, and as default namespace beside it.",
        f'<samlp:Response xmlns="{SAMLP}" ',
        sign="both",
    ),
    _two_prefixes(
        "of_the_assertion",
        "The assertion with a prefix, and as default namespace beside it.",
        f'<saml:Assertion xmlns="{SAML}" ',
    ),
    _two_prefixes(
        "around_a_ciphertext",
        "Two prefixes for one namespace around what is encrypted.",
        f'<samlp:Response xmlns:saml="{SAML}" ',
        dialect={"a": ""},
        sign="response",
        encrypt={},
        connection=_SP,
    ),
    good(
        "namespaces/c14n_with_comments_of_signed_info",
        "SignedInfo canonicalised with comments.",
        signing=Signing(c14n=f"{EXCLUSIVE}WithComments"),
        sign="both",
    ),
    # Whitespace and XML
    good(
        "xml/declaration",
        "An XML declaration.",
        write=lambda xml: b'<?xml version="1.0" encoding="UTF-8"?>\n' + xml,
    ),
    good(
        "xml/declaration_in_other_words",
        "UTF-8 by the name UTF8.",
        write=lambda xml: b"<?xml version='1.0' encoding='utf8' standalone='yes'?>" + xml,
    ),
    good(
        "xml/pretty_printed",
        "Indented, signed as it stands, both signed.",
        dialect={"pretty": True},
        sign="both",
    ),
    good(
        "xml/pretty_printed_signature_first",
        "Indented, and the signature before everything else.",
        says={"response_issuer": None},
        dialect={"pretty": True},
        sign="response",
    ),
    good(
        "xml/cdata_in_an_attribute",
        "A name in a CDATA section, as some serializers write them.",
        edit=swap(">New<", "><![CDATA[New]]><"),
    ),
    good(
        "xml/cdata_in_name_id",
        "The whole NameID in a CDATA section.",
        says={"name_id": "<![CDATA[nora@acme.example]]>"},
    ),
    good(
        "xml/character_references",
        "Character references instead of characters.",
        edit=swap(">nora@acme.example<", ">&#110;ora&#x40;acme.example<"),
    ),
    good(
        "xml/ampersand_in_text",
        "&amp; and &lt; in attribute values.",
        says={
            "attributes": (
                ("email", ("nora@acme.example",)),
                ("firstName", ("Nora",)),
                ("lastName", ("New",)),
                ("department", ("R&amp;D &lt;Berlin&gt;",)),
            )
        },
    ),
    good(
        "xml/blanks_around_the_name",
        "Line breaks and blanks around NameID and values.",
        says={"name_id": "\n   nora@acme.example\n  "},
        sign="both",
    ),
    good(
        "xml/byte_order_mark",
        "A UTF-8 byte order mark before the XML.",
        write=lambda xml: b"\xef\xbb\xbf" + xml,
    ),
    good("xml/base64_in_lines_of_76", "MIME lines, CRLF.", wrap="base64 in lines of 76, CRLF", sign="both"),
    good("xml/base64_in_lines_of_76_line_feeds", "MIME lines, LF.", wrap="base64 in lines of 76, LF"),
    good(
        "xml/signature_value_in_lines",
        "Line breaks inside SignatureValue, written as &#13;.",
        signing=Signing(line="&#13;\n"),
        sign="both",
    ),
    # Times
    good("times/milliseconds", "Three digits of a second.", edit=fractions("999")),
    good("times/microseconds", "Six digits of a second.", edit=fractions("123456"), sign="both"),
    good("times/nanoseconds", "Nine digits of a second.", edit=fractions("123456789")),
    good(
        "times/no_condition_times",
        "Conditions without times; the confirmation has its own.",
        says={"not_before": None, "not_on_or_after": None},
    ),
    good(
        "times/no_session_end",
        "No SessionNotOnOrAfter: our own session length holds.",
        says={"session_until": None},
        person=replace(NORA, session_ends_at=""),
    ),
    good(
        "times/session_of_a_year",
        "A session that may last a year.",
        says={"session_until": "+525600"},
        person=replace(NORA, session_ends_at="2027-03-12T09:00:00Z"),
    ),
    good(
        "times/59_seconds_late",
        "Over for 59 seconds: within the clock skew.",
        says={"confirmed_until": "2026-03-12T09:02:00Z", "not_on_or_after": "2026-03-12T08:59:01Z"},
    ),
    good(
        "times/confirmation_59_seconds_late",
        "The confirmation over for 59 seconds as well.",
        says={"confirmed_until": "2026-03-12T08:59:01Z", "not_on_or_after": "2026-03-12T08:59:01Z"},
    ),
    good(
        "times/confirmation_from_59_seconds_later",
        "A confirmation that begins in 59 seconds.",
        edit=swap(
            "<saml:SubjectConfirmationData", '<saml:SubjectConfirmationData NotBefore="2026-03-12T09:00:59Z"'
        ),
    ),
    good(
        "times/confirmation_from_now",
        "A confirmation with a beginning, though the profile asks for none.",
        edit=swap(
            "<saml:SubjectConfirmationData", '<saml:SubjectConfirmationData NotBefore="2026-03-12T09:00:00Z"'
        ),
    ),
    good(
        "times/60_seconds_early",
        "Valid in 60 seconds: within the clock skew.",
        says={"not_before": "2026-03-12T09:01:00Z"},
    ),
    # Audiences and confirmations
    good(
        "audiences/several_in_one",
        "Ours is one of several audiences.",
        says={"audiences": (_OTHERS, ENTITY_ID)},
    ),
    good(
        "audiences/several_restrictions",
        "Two AudienceRestrictions, ours in both.",
        edit=swap(_RESTRICTION, _RESTRICTION * 2),
        sign="both",
    ),
    good(
        "audiences/one_time_use",
        "OneTimeUse beside the audience: we use each assertion once anyhow.",
        edit=swap(_RESTRICTION, _RESTRICTION + "<saml:OneTimeUse/>"),
    ),
    good(
        "audiences/proxy_restriction",
        "A ProxyRestriction beside the audience.",
        edit=swap(_RESTRICTION, _RESTRICTION + '<saml:ProxyRestriction Count="0"/>'),
    ),
    good(
        "confirmations/another_method_beside",
        "A holder-of-key confirmation beside the bearer one.",
        edit=swap(
            "<saml:SubjectConfirmation ",
            "<saml:SubjectConfirmation "
            'Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/><saml:SubjectConfirmation ',
        ),
    ),
    good(
        "confirmations/request_in_the_confirmation_too",
        "InResponseTo in both places.",
        sign="both",
        request=Request("_b7c1"),
        dialect={"a": ""},
    ),
    good(
        "issuers/none_in_the_response",
        "A Response without Issuer around a signed assertion.",
        says={"response_issuer": None},
    ),
    good(
        "issuers/none_in_a_signed_response",
        "A signed Response without Issuer: the Signature comes first.",
        says={"response_issuer": None},
        sign="response",
    ),
    good(
        "issuers/entity_format",
        "Issuer with Format entity.",
        says={"issuer_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"},
    ),
    good("status/message_and_detail", "Success with a StatusMessage.", says={"status_message": "Welcome"}),
    # Encryption
    *(
        good(
            f"encrypted/{cipher.replace('-', '_')}",
            f"The assertion in {cipher.upper()}.",
            encrypt={"cipher": cipher},
            connection=_SP,
        )
        for cipher in ("aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm")
    ),
    good(
        "encrypted/oaep_sha256",
        "RSA-OAEP with SHA-256 as digest.",
        encrypt={"digest": f"{XENC}sha256", "transport": f"{XENC11}rsa-oaep"},
        connection=_SP,
    ),
    good(
        "encrypted/oaep_sha384",
        "RSA-OAEP with SHA-384 as digest.",
        encrypt={"digest": "http://www.w3.org/2001/04/xmldsig-more#sha384", "transport": f"{XENC11}rsa-oaep"},
        connection=_SP,
    ),
    good(
        "encrypted/oaep_sha512",
        "RSA-OAEP with SHA-512 as digest.",
        encrypt={"digest": f"{XENC}sha512", "transport": f"{XENC11}rsa-oaep"},
        connection=_SP,
    ),
    good(
        "encrypted/on_lines_of_its_own",
        "Line ends around the assertion inside.",
        encrypt={"before": b"\n  ", "behind": b"\n"},
        connection=_SP,
    ),
    *(
        good(
            f"encrypted/oaep_mask_{name}",
            f"RSA-OAEP whose mask function has a hash of its own: {name.upper()}.",
            encrypt={"digest": digest, "mgf": f"{XENC11}mgf1{name}", "transport": f"{XENC11}rsa-oaep"},
            connection=_SP,
        )
        for name, digest in (
            ("sha1", None),
            ("sha224", f"{XENC}sha256"),
            ("sha256", f"{XENC}sha256"),
            ("sha384", f"{XENC}sha256"),
            ("sha512", f"{XENC}sha512"),
        )
    ),
    good(
        "encrypted/oaep_sha1_said",
        "RSA-OAEP with its default digest written out.",
        encrypt={"digest": _SHA1_DIGEST},
        connection=_SP,
    ),
    good(
        "encrypted/to_an_older_key",
        "Our key is being replaced: encrypted to the older one.",
        encrypt={"key": rsa_key("sp_old")},
        connection=Connection(decryption_keys=("sp", "sp_old")),
    ),
    good(
        "encrypted/to_the_newer_key",
        "Our key is being replaced: encrypted to the newer one.",
        encrypt={},
        connection=Connection(decryption_keys=("sp", "sp_old")),
    ),
    good(
        "encrypted/signed_over_and_inside",
        "Signed inside, encrypted, and the Response signed over it.",
        sign="both",
        encrypt={},
        connection=_SP,
    ),
    good(
        "encrypted/pretty_inside",
        "Indented XML inside.",
        dialect={"pretty": True},
        encrypt={},
        connection=_SP,
    ),
    good(
        "encrypted/prefixes_declared_outside",
        "The prefixes of what is inside are declared around it.",
        edit=declared_on_top,
        encrypt={},
        connection=_SP,
        sign="response",
    ),
)
