"""The second lock: python3-saml's strict verdict on the same bytes. The only module that imports python3-saml.

It sees the message before our own reading of it does anything, so one mistake does not open both locks.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from sso.refusals import Refusal, Refused
from sso.saml.names import BINDING_POST, BINDING_REDIRECT
from sso.saml.types import ConnectionConfig, UnverifiedResponse


def require_second_verdict(unverified: UnverifiedResponse, config: ConnectionConfig, request_id: str) -> None:
    """Ask python3-saml, in its strictest settings, whether it accepts the response. It reads the system's clock.

    Raises Refused(SECOND_LOCK) with its reason.
    """
    reason = ""
    # One key after the other: an assertion may still be encrypted to an older one, and python3-saml takes only one.
    for private_key in config.decryption_keys or (b"",):
        accepted, reason = _verdict(unverified, config, private_key, request_id)
        if accepted:
            return
    raise Refused(Refusal.SECOND_LOCK, expected="acceptance", received=reason[:300])


def _verdict(
    unverified: UnverifiedResponse, config: ConnectionConfig, private_key: bytes, request_id: str
) -> tuple[bool, str]:
    public = urlsplit(config.acs_url)
    request_data: dict[str, object] = {
        "https": "on" if public.scheme == "https" else "off",
        "http_host": public.netloc,
        "script_name": public.path,
        "get_data": {},
        "post_data": {},
    }
    try:
        response = OneLogin_Saml2_Response(_settings(config, private_key), unverified.encoded)
        return response.is_valid(request_data, request_id or None), str(response.get_error())
    except Exception as error:  # noqa: BLE001  Its own code and its parsers raise many kinds; each is a no.
        return False, type(error).__name__


def _settings(config: ConnectionConfig, private_key: bytes) -> OneLogin_Saml2_Settings:
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": config.entity_id,
                "assertionConsumerService": {"url": config.acs_url, "binding": BINDING_POST},
                "x509cert": config.decryption_certificate,
                "privateKey": private_key.decode(),
            },
            "idp": {
                "entityId": config.idp_entity_id,
                "singleSignOnService": {"url": config.sso_url, "binding": BINDING_REDIRECT},
                "x509certMulti": {"signing": [certificate.pem for certificate in config.certificates]},
            },
            "security": {
                "wantNameId": True,
                "wantAttributeStatement": False,
                "requestedAuthnContext": False,
                "rejectDeprecatedAlgorithm": not config.allow_sha1,
                "rejectUnsolicitedResponsesWithInResponseTo": True,
                # Roles and groups may honestly come as several attributes of one name; identity is not read from here.
                "allowRepeatAttributeName": True,
                "allowSingleLabelDomains": True,
            },
        },
        sp_validation_only=False,
    )
