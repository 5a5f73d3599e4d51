"""What signxml, which the application does not use, says of a case: do pinned keys vouch for the person in it?

It takes the reader who is easiest to fool: one who reads the first assertion it finds, or the last. Only if the very
bytes of each of them are within what a signature covers, the person is covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import xmlsec
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

from tests.saml.corpus import keys
from tests.saml.corpus.case import Case
from tests.saml.corpus.recipe import COVERS, DOES_NOT_COVER, NOTHING, TWO_WAYS
from tests.saml.encrypting import XENC
from tests.saml.messages import DS, SAML

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
# While our own certificates are good; when a certificate runs out is not a question of what it covers.
_THEN = datetime(2024, 9, 1, tzinfo=UTC)


class _Verifier(XMLVerifier):
    """Takes every algorithm signxml has, SHA-1 too: whether one is acceptable is not what it is asked."""

    def check_digest_alg_expected(self, digest_alg: DigestAlgorithm) -> None:
        pass

    def check_signature_alg_expected(self, signature_alg: SignatureMethod) -> None:
        pass


def opinion(case: Case) -> str:
    """One of NOTHING, DOES_NOT_COVER, COVERS and TWO_WAYS."""
    try:
        root = etree.fromstring(case.message, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return NOTHING
    opened = _opened(root, case)
    if opened is None:
        return NOTHING
    # By their name alone, in whatever namespace: somebody may read so.
    people = list(opened.iter("{*}Assertion"))
    if not people:
        return NOTHING
    covered = {
        _bare(assertion)
        for document in ([opened] if opened is root else [opened, root])
        for signed in _signed(document, case)
        for assertion in _assertions(signed, opened, root)
    }
    if not {_bare(people[0]), _bare(people[-1])} <= covered:
        return DOES_NOT_COVER
    return TWO_WAYS if any(_is_cut(node) for person in people for node in person.iter()) else COVERS


def _assertions(
    signed: etree._Element, opened: etree._Element, root: etree._Element
) -> Iterator[etree._Element]:
    yield from signed.iter(f"{{{SAML}}}Assertion")
    # A signed ciphertext vouches for what is inside, if it is the one that stands in the message.
    for sealed in signed.iter(f"{{{SAML}}}EncryptedAssertion"):
        here = root.find(f"{{{SAML}}}EncryptedAssertion")
        if here is not None and _canonical(sealed) == _canonical(here):
            yield from opened.iter(f"{{{SAML}}}Assertion")


def _signed(document: etree._Element, case: Case) -> Iterator[etree._Element]:
    """What each signature of a document covers, if a pinned key made it."""
    for signature in document.iter(f"{{{DS}}}Signature"):
        holder = signature.getparent()
        if holder is None:
            continue
        path = document.getroottree().getelementpath(holder)
        location = "./" if path == "." else f"./{path}/"
        for name in case.connection.certificates:
            covered = _verified(document, location, name)
            if covered is not None:
                yield covered


def _verified(document: etree._Element, location: str, certificate: str) -> etree._Element | None:
    config = SignatureConfiguration(
        location=location, expect_references=True, ignore_ambiguous_key_info=True, verification_time=_THEN
    )
    try:
        results = _Verifier().verify(
            etree.tostring(document),
            x509_cert=keys.certificate(certificate),
            id_attribute="ID",
            validate_schema=False,
            expect_config=config,
        )
    except Exception:  # noqa: BLE001  Whatever stops it, it has not vouched for anything.
        return None
    first = results[0] if isinstance(results, list) else results
    return first.signed_xml


def _opened(root: etree._Element, case: Case) -> etree._Element | None:
    """The document with its encrypted assertion opened by xmlsec; None if it stays closed."""
    if root.find(f"{{{SAML}}}EncryptedAssertion/*") is None:
        return root
    for name in case.connection.decryption_keys:
        copy = etree.fromstring(case.message, _PARSER)
        holder = copy.find(f"{{{SAML}}}EncryptedAssertion")
        assert holder is not None
        for beside in holder.findall(f"{{{XENC}}}EncryptedKey"):
            # xmlsec follows no RetrievalMethod.
            info = holder.find(f"*/{{{DS}}}KeyInfo")
            if info is None:
                return None
            info.append(beside)
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_memory(keys.private_pem(name), xmlsec.constants.KeyDataFormatPem))
        try:
            inside = xmlsec.EncryptionContext(manager).decrypt(holder[0])
        except (xmlsec.Error, ValueError, IndexError):
            continue
        if getattr(inside, "tag", None) == f"{{{SAML}}}Assertion":
            # It stays where it was sealed: lxml would give it other prefixes elsewhere.
            return copy
    return None


def _is_cut(node: etree._Element) -> bool:
    """Whether something stands inside a text of SAML, so that its first part is not all of it."""
    cut = bool((node.text or "").strip()) and len(node) > len(node.findall("*"))
    return cut and str(node.tag).startswith(f"{{{SAML}}}")


def _bare(assertion: etree._Element) -> bytes:
    """The canonical bytes of an assertion without its signature and without comments."""
    alone = etree.fromstring(etree.tostring(assertion, with_tail=False), _PARSER)
    for signature in alone.findall(f"{{{DS}}}Signature"):
        previous, tail = signature.getprevious(), signature.tail
        if previous is not None:
            previous.tail = (previous.tail or "") + (tail or "")
        alone.remove(signature)
    return _canonical(alone)


def _canonical(element: etree._Element) -> bytes:
    alone = etree.fromstring(etree.tostring(element, with_tail=False), _PARSER)
    return etree.tostring(alone, method="c14n", exclusive=True, with_comments=False)
