"""Each guide knows the addresses of its identity provider, and nobody takes another's for its own."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from sso.guides import GUIDES, OTHER, Guide
from sso.guides.recognition import guide_of

TENANT = "2f6a1c8e-0b57-4c0e-9f0a-6f2f5b0c9d11"
ADDRESSES = [
    ("onelogin", "sso", "https://acme.onelogin.com/trust/saml2/http-post/sso/1234567"),
    (
        "onelogin",
        "sso",
        "https://acme.onelogin.com/trust/saml2/http-redirect/sso/9f1f57b2-7a54-4b24-9b0c-1f4f4c6dbe31",
    ),
    ("onelogin", "slo", "https://acme.onelogin.com/trust/saml2/http-redirect/slo/1234567"),
    ("onelogin", "issuer", "https://app.onelogin.com/saml/metadata/9f1f57b2-7a54-4b24-9b0c-1f4f4c6dbe31"),
    ("okta", "sso", "https://acme.okta.com/app/acme_justcall_1/exk1fcia6d6EMsf331d8/sso/saml"),
    ("okta", "sso", "https://acme.oktapreview.com/app/justcall/exk1fcia6d6EMsf331d8/sso/saml"),
    ("okta", "slo", "https://acme.okta.com/app/acme_justcall_1/exk1fcia6d6EMsf331d8/slo/saml"),
    ("okta", "issuer", "http://www.okta.com/exk1fcia6d6EMsf331d8"),
    ("okta", "metadata", "https://acme.okta.com/app/exk1fcia6d6EMsf331d8/sso/saml/metadata"),
    ("entra", "sso", f"https://login.microsoftonline.com/{TENANT}/saml2"),
    ("entra", "issuer", f"https://sts.windows.net/{TENANT}/"),
    (
        "entra",
        "metadata",
        f"https://login.microsoftonline.com/{TENANT}/federationmetadata/2007-06/federationmetadata.xml",
    ),
    ("google", "sso", "https://accounts.google.com/o/saml2/idp?idpid=C01abc234"),
    ("google", "issuer", "https://accounts.google.com/o/saml2?idpid=C01abc234"),
    ("onelogin", "tile", "https://acme.onelogin.com/launch/1234567"),
    ("okta", "tile", "https://acme.okta.com/home/acme_justcall_1/0oa1fcia6d6EMsf331d8/aln1fcia6d6"),
    ("adfs", "sso", "https://fs.acme.example/adfs/ls/"),
    ("adfs", "issuer", "http://fs.acme.example/adfs/services/trust"),
    ("adfs", "metadata", "https://fs.acme.example/FederationMetadata/2007-06/FederationMetadata.xml"),
    ("adfs", "tile", "https://fs.acme.example/adfs/ls/idpinitiatedsignon.aspx?loginToRp=justcall"),
    ("cyberark", "sso", f"https://aab1234.id.cyberark.cloud/applogin/appKey/{TENANT}/customerId/AAB1234"),
    ("cyberark", "sso", f"https://aab1234.my.idaptive.app/applogin/appKey/{TENANT}/customerId/AAB1234"),
    ("cyberark", "slo", "https://aab1234.id.cyberark.cloud/applogout"),
    ("cyberark", "issuer", f"https://aab1234.my.centrify.com/{TENANT}"),
    (
        "cyberark",
        "metadata",
        f"https://aab1234.id.cyberark.cloud/saasManage/DownloadSAMLMetadataForApp?appkey={TENANT}&customerid=AAB1234",
    ),
    ("duo", "sso", "https://sso-88ce2422.sso.duosecurity.com/saml2/sp/DI1PUEQ02VRLKZ33BUDL/sso"),
    ("duo", "slo", "https://sso-88ce2422.sso.duosecurity.com/saml2/sp/DI1PUEQ02VRLKZ33BUDL/slo"),
    ("duo", "issuer", "https://sso-88ce2422.sso.duosecurity.com/saml2/sp/DI1PUEQ02VRLKZ33BUDL/metadata"),
    ("jumpcloud", "sso", "https://sso.jumpcloud.com/saml2/justcall"),
    ("jumpcloud", "sso", "https://sso.jumpcloud.com/saml2/acme-justcall_1"),
    ("keycloak", "sso", "https://login.acme.example/realms/acme/protocol/saml"),
    ("keycloak", "sso", "https://login.acme.example/auth/realms/Acme%20Staff/protocol/saml"),
    ("keycloak", "issuer", "https://login.acme.example/realms/acme"),
    ("keycloak", "metadata", "https://login.acme.example/realms/acme/protocol/saml/descriptor"),
    ("keycloak", "tile", "https://login.acme.example/realms/acme/protocol/saml/clients/justcall"),
    ("lastpass", "sso", "https://identity.lastpass.com/SAML/SSOService"),
    ("lastpass", "sso", f"https://identity.lastpass.com/SAML/SSOService/{TENANT}"),
    ("lastpass", "slo", "https://identity.lastpass.com/Login/Logout"),
    ("lastpass", "issuer", "https://identity.lastpass.com"),
    ("pingone", "sso", f"https://auth.pingone.eu/{TENANT}/saml20/idp/sso"),
    ("pingone", "sso", "https://login.acme.example/saml20/idp/sso"),
    ("pingone", "slo", f"https://auth.pingone.com/{TENANT}/saml20/idp/slo"),
    ("pingone", "issuer", f"https://auth.pingone.com.au/{TENANT}"),
    ("pingone", "metadata", f"https://auth.pingone.com/{TENANT}/saml20/metadata/{TENANT}"),
    ("pingone", "tile", f"https://auth.pingone.com/{TENANT}/saml20/idp/startsso?spEntityId=justcall"),
    ("rippling", "sso", "https://www.rippling.com/api/platform/sso/sp-initiated/64f0c0ffee"),
    ("rippling", "sso", "https://app.rippling.com/api/platform/sso/sp-initiated/A123"),
    ("rippling", "issuer", "https://app.rippling.com/A123/idp.xml"),
    ("rippling", "metadata", "https://app.rippling.com/api/platform/sso/idp-metadata/64f0c0ffee"),
    ("rippling", "tile", "https://app.rippling.com/apps_sso_direct/Custom_1_abc"),
    ("shibboleth", "sso", "https://idp.acme.example/idp/profile/SAML2/Redirect/SSO"),
    ("shibboleth", "sso", "https://login.acme.example/shib/profile/SAML2/POST/SSO"),
    ("shibboleth", "slo", "https://idp.acme.example/idp/profile/SAML2/Redirect/SLO"),
    ("shibboleth", "issuer", "https://idp.acme.example/idp/shibboleth"),
    ("shibboleth", "tile", "https://idp.acme.example/idp/profile/SAML2/Unsolicited/SSO?providerId=justcall"),
    ("simplesamlphp", "sso", "https://idp.acme.example/simplesaml/saml2/idp/SSOService.php"),
    ("simplesamlphp", "sso", "https://idp.acme.example/simplesaml/module.php/saml/idp/singleSignOnService"),
    ("simplesamlphp", "sso", "https://idp.acme.example/module.php/saml/idp/singleSignOnService"),
    ("simplesamlphp", "slo", "https://idp.acme.example/simplesaml/saml2/idp/SingleLogoutService.php"),
    ("simplesamlphp", "issuer", "https://idp.acme.example/simplesaml/saml2/idp/metadata.php"),
]
KINDS = ("sso", "slo", "issuer", "metadata", "tile")


@pytest.mark.parametrize(("name", "shape", "address"), ADDRESSES)
def test_a_guide_knows_the_shapes_of_its_addresses(name: str, shape: str, address: str) -> None:
    shapes = GUIDES[name].url_shapes
    path = urlsplit(address).path
    known = [kind for kind in KINDS if re.fullmatch(getattr(shapes, kind), path) is not None]
    assert known == [shape]


@pytest.mark.parametrize(("name", "shape", "address"), ADDRESSES)
def test_an_address_is_recognised_as_its_identity_providers(name: str, shape: str, address: str) -> None:
    assert guide_of(["", address], GUIDES.values()) is GUIDES[name]
    # Nobody else would have taken it, whatever the order.
    assert guide_of([address], [guide for guide in GUIDES.values() if guide.name != name]) is None


@pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))
def test_each_identity_provider_is_tried_with_two_addresses_at_least(guide: Guide) -> None:
    assert [name for name, _, _ in ADDRESSES].count(guide.name) >= 2 or guide is OTHER


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Responder / AuthnFailed / authentication_expired", "keycloak"),
        ("Responder / MSIS5007: The caller authorization failed", "adfs"),
        ("Responder / AADSTS50105: not assigned", "entra"),
        ("Responder / AuthnFailed / Authentication failed", None),
    ],
)
def test_a_status_message_that_only_one_sends_tells_whose_it_is(message: str, name: str | None) -> None:
    found = guide_of(["urn:acme:idp", message], GUIDES.values())
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://sso.acme.example/app/justcall/exk1fcia6d6EMsf331d8/sso/saml", "okta"),
        ("http://127.0.0.1:8001/trust/saml2/http-post/sso/1", "onelogin"),
        ("https://okta.com.evil.example/sso", None),
        ("https://evilokta.com/sso", None),
        ("https://idp.example/exk1", None),
        (f"https://idp.example/{TENANT}/", None),
        ("https://idp.example/saml2/justcall", None),
        ("https://idp.example/realms/acme/protocol/openid-connect/auth", None),
        ("https://jumpcloud.com.evil.example/saml2/justcall", None),
        ("https://identity.lastpass.com.evil.example/SAML/SSOService", None),
        ("https://ADFS.acme.example/ADFS/LS", "adfs"),
        ("https://[", None),
        ("", None),
    ],
)
def test_a_domain_of_the_companys_own_is_recognised_by_the_path(address: str, name: str | None) -> None:
    found = guide_of([address], GUIDES.values())
    assert (found.name if found else None) == name
