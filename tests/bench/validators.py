"""What validates a response, each in a process of its own: `python -m tests.bench.validators NAME`.

A line of JSON says for whom messages are. Then each line brings messages and is answered with the CPU seconds of each.
Imports stand in the functions: each runs in the virtual environment that has its library, and must not load another
one's (our second lock changes python3-saml for its whole process).
"""

from __future__ import annotations

import base64
import json
import resource
import sys
import time
from collections.abc import Callable

# Takes a SAMLResponse field, returns the NameID of whom it accepts, and raises if it refuses.
Validate = Callable[[str], str]
_SIGNATURE = ".//{http://www.w3.org/2000/09/xmldsig#}Signature"
_EMAIL = ".//{urn:oasis:names:tc:SAML:2.0:assertion}NameID"


def limit(setup: dict[str, str]) -> Validate:
    """The least that must be done: decode, parse, and let xmlsec verify with a key that is held ready."""
    import xmlsec
    from lxml import etree

    key = xmlsec.Key.from_memory(setup["pem"].encode(), xmlsec.constants.KeyDataFormatCertPem)

    def validate(encoded: str) -> str:
        root = etree.fromstring(base64.b64decode(encoded))
        xmlsec.tree.add_ids(root, ["ID"])
        context = xmlsec.SignatureContext()
        context.key = key
        signature = root.find(_SIGNATURE)
        assert signature is not None
        context.verify(signature)
        return root.findtext(_EMAIL) or ""

    return validate


def both_locks(setup: dict[str, str]) -> Validate:
    """Ours: everything that is examined of a response, by our own gate and by the second lock."""
    from datetime import UTC, datetime

    from sso.saml.envelope import decode
    from sso.saml.examination import examine
    from sso.saml.pasted.certificates import read_certificate
    from sso.saml.types import UNSOLICITED, ConnectionConfig, PinnedCertificate

    read = read_certificate(setup["pem"])
    config = ConnectionConfig(
        entity_id=setup["entity_id"],
        acs_url=setup["acs_url"],
        idp_entity_id=setup["issuer"],
        sso_url=setup["issuer"],
        certificates=(PinnedCertificate(read.pem, read.sha256, read.not_before, read.not_after),),
        # Every connection has a key pair of ours, used or not.
        decryption_keys=(setup["our_key"].encode(),),
    )

    def validate(encoded: str) -> str:
        acceptance = examine(decode(encoded), config, UNSOLICITED, datetime.now(UTC)).acceptance
        assert acceptance is not None
        return acceptance.identity.name_id

    return validate


def python3_saml(setup: dict[str, str]) -> Validate:
    """python3-saml as it comes, strict, its settings object held ready."""
    from urllib.parse import urlsplit

    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {"entityId": setup["entity_id"], "assertionConsumerService": {"url": setup["acs_url"]}},
            "idp": {
                "entityId": setup["issuer"],
                "singleSignOnService": {"url": setup["issuer"]},
                "x509cert": setup["pem"],
            },
            "security": {"wantAssertionsSigned": True, "rejectDeprecatedAlgorithm": True},
        }
    )
    address = urlsplit(setup["acs_url"])
    request = {"https": "on", "http_host": address.netloc, "script_name": address.path}

    def validate(encoded: str) -> str:
        response = OneLogin_Saml2_Response(settings, encoded)
        assert response.is_valid(request), response.get_error()
        return str(response.get_nameid())

    return validate


def pysaml2(setup: dict[str, str]) -> Validate:
    """pysaml2's client, its configuration held ready. It runs the program xmlsec1 for each message."""
    from saml2 import BINDING_HTTP_POST
    from saml2.client import Saml2Client
    from saml2.config import SPConfig

    from tests.bench.peers.pysaml2_config import service_provider

    config = SPConfig().load(
        service_provider(setup["entity_id"], setup["acs_url"], setup["issuer"], setup["pem"])
    )
    client = Saml2Client(config)

    def validate(encoded: str) -> str:
        return str(client.parse_authn_request_response(encoded, BINDING_HTTP_POST, {}).name_id.text)

    return validate


VALIDATORS: dict[str, Callable[[dict[str, str]], Validate]] = {
    validator.__name__: validator for validator in (limit, both_locks, python3_saml, pysaml2)
}


def _cpu_seconds() -> float:
    """Of this process and of the programs it has run."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + programs.ru_utime + programs.ru_stime


def _serve(name: str) -> None:
    lines = iter(sys.stdin.readline, "")
    validate = VALIDATORS[name](json.loads(next(lines)))
    for line in lines:
        seconds = []
        for email, encoded in json.loads(line):
            began = _cpu_seconds()
            accepted = validate(encoded)
            seconds.append(_cpu_seconds() - began)
            assert accepted == email
        sys.stdout.write(json.dumps(seconds) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
