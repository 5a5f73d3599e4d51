"""Encrypted assertions that must stay closed, or are hostile once they are open."""

from __future__ import annotations

import base64
from typing import Any

from lxml import etree

from sso.refusals import Refusal
from tests.saml.corpus.case import Connection
from tests.saml.corpus.keys import rsa_key
from tests.saml.corpus.kinds import INSIDE, UNOPENED
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, NOTHING, NOW, TWO_WAYS, Recipe, bad, stream, swap
from tests.saml.corpus.signing import Signing
from tests.saml.encrypting import XENC, XENC11, encrypt
from tests.saml.messages import DS, PLAIN_NAMES, Message
from tests.saml.moves import MALLORY, Move, assertion_of, child, set_text

_SP = Connection(decryption_keys=("sp",))
_CBC = {"cipher": "aes128-cbc"}


def _closed(
    variant: str,
    why: str,
    encrypt: dict[str, Any],
    then: Move | None = None,
    proof: str = NOTHING,
    **how: Any,
) -> Recipe:
    options: dict[str, Any] = {"refusal": Refusal.CANNOT_DECRYPT, "connection": _SP} | how
    refusal = options.pop("refusal")
    return bad(refusal, variant, UNOPENED, why, encrypt=encrypt, then=then, proof=proof, **options)


def _otherwise(
    variant: str, why: str, encrypt: dict[str, Any], then: Move | None = None, **how: Any
) -> Recipe:
    """Encrypted in another way than we open, as everybody can see."""
    return _closed(variant, why, encrypt, then, refusal=Refusal.UNKNOWN_ENCRYPTION, **how)


def _opened(refusal: Refusal, variant: str, why: str, **how: Any) -> Recipe:
    options: dict[str, Any] = {"encrypt": {}, "connection": _SP} | how
    return bad(refusal, variant, INSIDE, why, **options)


def _in_data(name: str, then: Any, which: int = -1) -> Move:
    """Do something with the last element of this name in the document, or the first."""

    def move(root: etree._Element) -> etree._Element:
        then(list(root.iter(f"{{{XENC}}}{name}"))[which])
        return root

    return move


def _three_bytes_more(node: etree._Element) -> None:
    node.text = base64.b64encode(base64.b64decode(node.text or "") + b"abc").decode()


def _gone(node: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def _text(text: str) -> Any:
    def change(node: etree._Element) -> None:
        node.text = text

    return change


def _flipped(node: etree._Element) -> None:
    """One octet in the middle is another."""
    octets = bytearray(base64.b64decode(node.text or ""))
    octets[len(octets) // 2] ^= 1
    node.text = base64.b64encode(octets).decode()


def _called(algorithm: str) -> Move:
    def move(root: etree._Element) -> etree._Element:
        next(root.iter(f"{{{XENC}}}EncryptionMethod")).set("Algorithm", algorithm)
        return root

    return move


def _mask_called(algorithm: str) -> Move:
    def move(root: etree._Element) -> etree._Element:
        next(root.iter(f"{{{XENC11}}}MGF")).set("Algorithm", algorithm)
        return root

    return move


def _key_called(name: str) -> Move:
    def move(root: etree._Element) -> etree._Element:
        next(root.iter(f"{{{XENC}}}EncryptedKey")).set("Id", name)
        return root

    return move


def _evil_beside(root: etree._Element) -> etree._Element:
    """An unsigned assertion beside the encrypted one."""
    forged = etree.fromstring(Message(now=NOW, name_id=MALLORY, assertion_id="evil").xml())
    root.append(assertion_of(forged))
    return root


_NAME_ID = "saml:Assertion/saml:Subject/saml:NameID"


def _encrypted(root: etree._Element) -> etree._Element:
    return encrypt(key=rsa_key("sp"), random=stream("hostile"))(root)


def _changed_and_encrypted(root: etree._Element) -> etree._Element:
    return _encrypted(set_text(_NAME_ID, MALLORY)(root))


def _commented_and_encrypted(root: etree._Element) -> etree._Element:
    name_id = child(root, _NAME_ID)
    name_id.text, comment = "nora@acme.example", etree.Comment(" ")
    name_id.append(comment)
    comment.tail = ".evil.example"
    return _encrypted(root)


def _ciphertext_of_mallory(root: etree._Element) -> etree._Element:
    forged = _encrypted(etree.fromstring(Message(now=NOW, name_id=MALLORY, assertion_id="evil").xml()))
    root.replace(child(root, "saml:EncryptedAssertion"), child(forged, "saml:EncryptedAssertion"))
    return root


def _stray_signature(root: etree._Element) -> etree._Element:
    etree.SubElement(next(root.iter(f"{{{XENC}}}EncryptedKey")), f"{{{DS}}}Signature")
    return root


RECIPES = (
    _closed("to_another_key", "Encrypted to another service provider.", {"key": rsa_key("sp_old")}),
    _closed(
        "no_key_of_ours",
        "A connection without a key of its own.",
        {"key": rsa_key("sp")},
        connection=Connection(),
    ),
    _otherwise("triple_des", "3DES is not accepted.", {"cipher": "tripledes-cbc"}, proof=COVERS),
    _otherwise(
        "rsa_1_5",
        "RSA 1.5 key transport is not accepted: it is an oracle.",
        {"transport": f"{XENC}rsa-1_5"},
        proof=COVERS,
    ),
    _otherwise("unknown_digest", "OAEP with a digest nobody knows.", {"digest": "urn:x"}),
    _otherwise(
        "unknown_mask_function",
        "OAEP with a mask function nobody knows.",
        {"mgf": f"{XENC11}mgf1sha1", "transport": f"{XENC11}rsa-oaep"},
        _mask_called("urn:x"),
    ),
    _closed(
        "another_mask_function",
        "OAEP that says another mask function than it used.",
        {"mgf": f"{XENC11}mgf1sha256", "transport": f"{XENC11}rsa-oaep", "digest": f"{XENC}sha256"},
        _mask_called(f"{XENC11}mgf1sha512"),
    ),
    _otherwise(
        "two_recipients", "Two EncryptedKeys: nobody can say which is meant.", {"recipients": 2}, proof=COVERS
    ),
    _closed("plaintext_is_not_xml", "Something that is not XML inside.", {"plaintext": b"hello <"}),
    _closed("plaintext_is_no_assertion", "Another element inside.", {"plaintext": b"<a/>"}),
    _closed("plaintext_is_text", "Text inside.", {"plaintext": b"hello"}),
    _closed(
        "text_before_the_assertion",
        "Text before a signed assertion.",
        {"before": b"hello"},
        proof=COVERS,
    ),
    _closed(
        "text_behind_the_assertion",
        "Text behind a signed assertion.",
        {"behind": b"hello"},
        proof=DOES_NOT_COVER,
    ),
    _closed("plaintext_is_two_elements", "Two elements inside.", {"plaintext": b"<a/><a/>"}),
    _closed("plaintext_is_nothing", "Nothing inside.", _CBC | {"plaintext": b""}),
    _closed(
        "plaintext_with_doctype", "A DTD inside.", {"plaintext": b"<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>"}
    ),
    _closed(
        "plaintext_closes_its_holder",
        "A plaintext that would close what holds it and open something else.",
        {"plaintext": b"</opened><opened>"},
    ),
    _closed(
        "cbc_flipped",
        "AES-CBC with one bit changed: the answer of every other failure.",
        _CBC,
        _in_data("CipherValue", _flipped),
    ),
    _closed("gcm_flipped", "AES-GCM with one bit changed.", {}, _in_data("CipherValue", _flipped)),
    _closed(
        "cbc_cut_to_one_block",
        "AES-CBC with an IV alone.",
        _CBC,
        _in_data("CipherValue", _text("A" * 22 + "==")),
    ),
    _closed(
        "cbc_odd_length",
        "AES-CBC that is no whole number of blocks.",
        _CBC,
        _in_data("CipherValue", _text("AAAA")),
    ),
    _closed(
        "cbc_bytes_behind_the_last_block",
        "AES-CBC that opens, and three bytes more.",
        _CBC,
        _in_data("CipherValue", _three_bytes_more),
    ),
    _closed("cipher_value_empty", "No ciphertext.", {}, _in_data("CipherValue", _text(""))),
    _closed(
        "cipher_value_garbage", "Ciphertext that is not base64.", {}, _in_data("CipherValue", _text("%%%"))
    ),
    _closed("no_cipher_value", "No CipherValue.", {}, _in_data("CipherValue", _gone)),
    _otherwise("no_encrypted_key", "No key.", {}, _in_data("EncryptedKey", _gone)),
    _otherwise("no_method", "No method of key transport.", {}, _in_data("EncryptionMethod", _gone)),
    _otherwise("no_cipher", "No method of the data.", {}, _in_data("EncryptionMethod", _gone, 0)),
    _otherwise(
        "oaep_called_rsa_1_5",
        "RSA-OAEP called RSA 1.5.",
        {},
        _in_data("EncryptionMethod", lambda node: node.set("Algorithm", f"{XENC}rsa-1_5")),
    ),
    _otherwise(
        "mask_function_of_mgf1p_said",
        "RSA-OAEP-MGF1P, whose name says its mask function, with another word about it.",
        {"mgf": f"{XENC11}mgf1sha1"},
        proof=COVERS,
    ),
    _closed("method_of_another_length", "AES-128 called AES-256.", _CBC, _called(f"{XENC}aes256-cbc")),
    _closed(
        "gcm_called_cbc",
        "GCM called CBC, which checks nothing.",
        {"cipher": "aes256-gcm"},
        _called(f"{XENC}aes256-cbc"),
    ),
    _otherwise("unknown_method", "A cipher nobody knows.", {}, _called("urn:x")),
    _otherwise("no_type", "Data that does not say it is an element.", {"kind": None}),
    _otherwise("another_type", "Data that says it is the content of one.", {"kind": f"{XENC}Content"}),
    _otherwise("key_beside_the_data", "A key beside the data that nothing leads to.", {"inside": False}),
    _otherwise(
        "key_beside_the_data_and_another_pointer",
        "A key beside the data, and a RetrievalMethod that leads elsewhere.",
        {"inside": False, "retrieval": True},
        _key_called("other"),
    ),
    _opened(
        Refusal.NOT_SIGNED,
        "encrypted_unsigned",
        "Anybody can encrypt to us: what is inside must be signed.",
        sign="nothing",
        proof=DOES_NOT_COVER,
    ),
    _opened(
        Refusal.NOT_SIGNED,
        "encrypted_unsigned_cbc",
        "The same in AES-CBC.",
        sign="nothing",
        encrypt=_CBC,
        proof=DOES_NOT_COVER,
    ),
    _opened(
        Refusal.SIGNATURE_INVALID,
        "encrypted_name_id_changed",
        "Signed, changed, then encrypted.",
        encrypt=None,
        then=_changed_and_encrypted,
        proof=DOES_NOT_COVER,
    ),
    _opened(
        Refusal.CERTIFICATE_REPLACED,
        "encrypted_by_a_stranger",
        "Signed by a stranger, then encrypted.",
        signing=Signing(key="mallory"),
        proof=DOES_NOT_COVER,
    ),
    _opened(
        Refusal.CERTIFICATE_REPLACED,
        "encrypted_under_a_strangers_response",
        "A stranger's signature over the ciphertext.",
        sign="response",
        signing=Signing(key="mallory"),
        proof=DOES_NOT_COVER,
    ),
    _opened(
        Refusal.SIGNATURE_INVALID,
        "ciphertext_replaced_under_signed_response",
        "The Response signs a ciphertext; another one stands there.",
        sign="response",
        then=_ciphertext_of_mallory,
        proof=DOES_NOT_COVER,
    ),
    _opened(Refusal.WEAK_ALGORITHM, "encrypted_sha1", "SHA-1 inside.", signing=Signing(hash="sha1")),
    _opened(
        Refusal.UNEXPECTED_STRUCTURE,
        "encrypted_two_name_ids",
        "Two NameIDs inside, validly signed.",
        edit=swap("</saml:NameID>", "</saml:NameID><saml:NameID>mallory@acme.example</saml:NameID>"),
    ),
    _opened(
        Refusal.UNEXPECTED_STRUCTURE,
        "encrypted_beside_a_plain_one",
        "An unsigned assertion beside the encrypted one.",
        then=_evil_beside,
        proof=DOES_NOT_COVER,
    ),
    _opened(
        Refusal.UNEXPECTED_STRUCTURE,
        "signature_in_encrypted_data",
        "A signature among the encryption's own elements.",
        then=_stray_signature,
        proof=NOTHING,
    ),
    _opened(
        Refusal.UNEXPECTED_STRUCTURE,
        "no_cipher_data",
        "Nothing that is encrypted.",
        then=_in_data("CipherData", _gone),
        proof=NOTHING,
    ),
    _opened(
        Refusal.CANNOT_DECRYPT,
        "encrypted_comment_in_name_id",
        "A comment inside the NameID, then encrypted.",
        encrypt=None,
        says={"name_id": "nora@acme.example.evil.example", "attributes": PLAIN_NAMES[1:]},
        then=_commented_and_encrypted,
        proof=TWO_WAYS,
    ),
    _opened(
        Refusal.WRONG_AUDIENCE,
        "encrypted_for_another",
        "For another audience, signed and encrypted to us.",
        says={"audiences": ("https://other.example/",)},
    ),
    _opened(
        Refusal.EXPIRED,
        "encrypted_expired",
        "Long over.",
        says={"not_on_or_after": "-60", "confirmed_until": "-60"},
    ),
    _opened(
        Refusal.NAME_ID_TRANSIENT,
        "encrypted_transient",
        "A transient NameID inside.",
        says={"name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
    ),
)
