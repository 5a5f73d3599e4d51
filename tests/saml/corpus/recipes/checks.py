"""Validly signed by our identity provider, and not for us, not now, or not what it must say."""

from __future__ import annotations

from typing import Any

from sso.refusals import Refusal
from tests.saml.corpus.kinds import ADDRESS, AUDIENCE, ISSUER, STATUS
from tests.saml.corpus.recipe import NOTHING, Recipe, bad, swap, varied
from tests.saml.messages import ACS_URL, ENTITY_ID
from tests.saml.messages import ISSUER as OURS

_OTHER = "https://other.example/"
_RESTRICTION = (
    f"<saml:AudienceRestriction><saml:Audience>{ENTITY_ID}</saml:Audience></saml:AudienceRestriction>"
)
_FOREIGN = f"<saml:AudienceRestriction><saml:Audience>{_OTHER}</saml:Audience></saml:AudienceRestriction>"


def _status(variant: str, why: str, *codes: str, message: str = "", **how: Any) -> Recipe:
    says = {"status": codes, "status_message": message}
    return bad(
        Refusal.IDP_REFUSED, variant, STATUS, why, says=says, **({"sign": "nothing", "proof": NOTHING} | how)
    )


def _version(variant: str, why: str, sign: str = "assertion", **says: Any) -> Recipe:
    return bad(Refusal.WRONG_VERSION, variant, STATUS, why, says=says, sign=sign)


def _issuer(variant: str, why: str, sign: str = "assertion", **says: Any) -> Recipe:
    return bad(Refusal.WRONG_ISSUER, variant, ISSUER, why, says=says, sign=sign)


def _audience(variant: str, why: str, *audiences: str, **how: Any) -> Recipe:
    return bad(Refusal.WRONG_AUDIENCE, variant, AUDIENCE, why, says={"audiences": audiences}, **how)


def _destination(
    variant: str, why: str, destination: str | None, sign: str = "response", **how: Any
) -> Recipe:
    return bad(
        Refusal.WRONG_DESTINATION, variant, ADDRESS, why, says={"destination": destination}, sign=sign, **how
    )


def _recipient(variant: str, why: str, recipient: str | None, **how: Any) -> Recipe:
    return bad(Refusal.WRONG_RECIPIENT, variant, ADDRESS, why, says={"recipient": recipient}, **how)


RECIPES = (
    _status(
        "request_denied", "The identity provider said no.", "Responder", "RequestDenied", message="Not today"
    ),
    _status("authn_failed", "The person was not authenticated.", "Responder", "AuthnFailed"),
    _status("no_authn_context", "It cannot do what was asked.", "Requester", "NoAuthnContext"),
    _status("version_mismatch", "It speaks another version.", "VersionMismatch"),
    _status("no_passive", "A signed no.", "Responder", "NoPassive", sign="response"),
    bad(
        Refusal.IDP_REFUSED,
        "message_in_an_attribute",
        STATUS,
        "Auth0 writes its message into an attribute.",
        says={"status": ("Responder",), "status_message": "-"},
        edit=swap("<samlp:StatusMessage>-</samlp:StatusMessage>", '<samlp:StatusMessage Value="Not today"/>'),
        sign="nothing",
        proof=NOTHING,
    ),
    bad(
        Refusal.IDP_REFUSED,
        "no_with_a_signed_assertion",
        STATUS,
        "A no around a validly signed assertion.",
        edit=swap("status:Success", "status:Responder"),
    ),
    bad(
        Refusal.IDP_REFUSED,
        "success_below_a_no",
        STATUS,
        "Success as the second code below a no.",
        edit=swap(
            '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>',
            '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode '
            'Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:StatusCode>',
        ),
    ),
    bad(
        Refusal.IDP_REFUSED,
        "empty_code",
        STATUS,
        "A status of nothing.",
        edit=swap('Value="urn:oasis:names:tc:SAML:2.0:status:Success"', 'Value=""'),
    ),
    bad(
        Refusal.IDP_REFUSED,
        "code_that_begins_like_success",
        STATUS,
        "SuccessNot is not Success.",
        edit=swap("status:Success", "status:SuccessNot"),
    ),
    _version("response_1_1", "A Response of version 1.1.", version="1.1"),
    _version("response_1_1_signed", "The same, signed.", sign="response", version="1.1"),
    _version("assertion_1_1", "An assertion of version 1.1.", assertion_version="1.1"),
    _version("version_3", "A version that is not there yet.", version="3.0"),
    _version("version_2", "2 is not 2.0.", assertion_version="2"),
    _version("version_empty", "No version.", version=""),
    _issuer("both", "Another issuer in both places.", issuer=_OTHER, response_issuer=_OTHER),
    _issuer("assertion", "Another issuer in the assertion.", issuer=_OTHER),
    _issuer("response", "Another issuer in the Response, which is not signed.", response_issuer=_OTHER),
    _issuer("response_signed", "Another issuer in the signed Response.", sign="both", response_issuer=_OTHER),
    _issuer(
        "another_case", "Upper case is another issuer.", issuer=OURS.upper(), response_issuer=OURS.upper()
    ),
    _issuer("slash", "A slash at the end.", issuer=OURS + "/", response_issuer=OURS + "/"),
    _issuer("begins_with_ours", "An issuer that begins with ours.", issuer=OURS + "1"),
    _issuer(
        "another_app_of_the_account",
        "The same account, another app.",
        issuer=OURS.replace("500101", "500102"),
    ),
    _issuer("blank_within", "A line break within it.", issuer=OURS.replace("/saml/", "/saml/\n")),
    _issuer(
        "no_break_space_around",
        "A no-break space is no white space of XML.",
        issuer=f"{OURS}\u00a0",
        response_issuer=f"{OURS}\u00a0",
    ),
    _issuer(
        "another_with_a_line_break",
        "Another issuer with a line break around it.",
        issuer=f"\n{OURS}1\n",
        response_issuer=f"\n{OURS}1\n",
    ),
    _issuer("white_space_alone", "An issuer of white space alone.", issuer=" \n", response_issuer=" \n"),
    _issuer("empty", "An empty issuer.", issuer=""),
    _issuer(
        "format_of_a_person",
        "An issuer that says it is an email address.",
        issuer_format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    ),
    *varied(_audience("other", "Addressed to somebody else.", _OTHER), ("assertion", "response", "both")),
    _audience("placeholder", "A blank Audience field in OneLogin sends this text.", "{audience}"),
    _audience("slash_missing", "Without the slash at the end.", ENTITY_ID[:-1]),
    _audience("begins_with_ours", "An audience that begins with ours.", ENTITY_ID + ".evil.example"),
    _audience("contains_ours", "An audience that contains ours.", f"https://evil.example/?{ENTITY_ID}"),
    _audience("https", "https for http.", ENTITY_ID.replace("http:", "https:")),
    _audience("another_case", "Upper case is another audience.", ENTITY_ID.upper()),
    _audience("acs_url", "The ACS URL in place of the Entity ID.", ACS_URL),
    _audience(
        "another_connection",
        "The Entity ID of another connection of ours.",
        ENTITY_ID.replace("0123", "9999"),
    ),
    _audience("blank_within", "A blank within it.", ENTITY_ID.replace("/saml/", "/saml/ ")),
    _audience("no_break_space_at_the_end", "A no-break space that came with copying.", f"{ENTITY_ID}\u00a0"),
    _audience("line_separator_around", "A line separator is no white space of XML.", f"\u2028{ENTITY_ID}"),
    _audience("next_line_around", "A NEL is no white space of XML 1.0.", f"{ENTITY_ID}\u0085"),
    _audience("another_with_line_breaks", "Another audience on a line of its own.", f"\n  {_OTHER}\n"),
    _audience("white_space_alone", "An audience of white space alone.", "\n  "),
    _audience("two_halves", "Two audiences that only together are ours.", ENTITY_ID[:20], ENTITY_ID[20:]),
    _audience("empty", "An empty audience.", ""),
    _audience("ours_and_more_in_one", "Two in one text.", f"{ENTITY_ID} {_OTHER}"),
    bad(Refusal.WRONG_AUDIENCE, "none", AUDIENCE, "No AudienceRestriction.", says={"audiences": None}),
    bad(
        Refusal.WRONG_AUDIENCE,
        "none_response_signed",
        AUDIENCE,
        "No AudienceRestriction under a signed Response.",
        says={"audiences": None},
        sign="response",
    ),
    bad(
        Refusal.WRONG_AUDIENCE,
        "second_restriction_foreign",
        AUDIENCE,
        "Ours in the first restriction, not in the second.",
        edit=swap(_RESTRICTION, _RESTRICTION + _FOREIGN),
    ),
    bad(
        Refusal.WRONG_AUDIENCE,
        "first_restriction_foreign",
        AUDIENCE,
        "Ours in the second restriction, not in the first.",
        edit=swap(_RESTRICTION, _FOREIGN + _RESTRICTION),
    ),
    bad(
        Refusal.WRONG_AUDIENCE,
        "only_as_proxy",
        AUDIENCE,
        "Ours in a ProxyRestriction alone.",
        edit=swap(
            _RESTRICTION,
            f"<saml:ProxyRestriction><saml:Audience>{ENTITY_ID}</saml:Audience></saml:ProxyRestriction>",
        ),
    ),
    _destination("other", "Another Destination, signed.", _OTHER),
    _destination("other_unsigned", "Another Destination on an unsigned Response.", _OTHER, sign="assertion"),
    _destination("begins_with_ours", "A Destination that begins with ours.", ACS_URL + "x"),
    _destination(
        "begins_with_ours_unsigned", "The same on an unsigned Response.", ACS_URL + "x", sign="assertion"
    ),
    _destination("with_a_query", "Ours, with a query.", ACS_URL + "?a=1"),
    _destination("slash_missing", "Without the slash at the end.", ACS_URL[:-1]),
    _destination(
        "another_host",
        "The same path on another host: Host headers are not asked.",
        ACS_URL.replace("localhost:8000", "testserver"),
    ),
    _destination("another_case", "Upper case in the path.", ACS_URL.replace("/sso/", "/SSO/")),
    _destination("another_port", "Another port.", ACS_URL.replace(":8000", ":8001")),
    _destination("https", "https for http.", ACS_URL.replace("http:", "https:")),
    _destination(
        "another_connection", "The ACS URL of another connection of ours.", ACS_URL.replace("0123", "9999")
    ),
    _destination("placeholder", "A blank Recipient field in OneLogin sends this text.", "{recipient}"),
    _destination("empty", "An empty Destination, signed.", ""),
    _destination("empty_unsigned", "An empty Destination on an unsigned Response.", "", sign="assertion"),
    _destination("missing_in_signed_response", "A signed Response must name its Destination.", None),
    _destination("missing_with_both_signed", "The same with both signed.", None, sign="both"),
    _recipient("other", "Another Recipient.", _OTHER),
    _recipient(
        "other_response_signed", "Another Recipient under a signed Response.", _OTHER, sign="response"
    ),
    _recipient("contains_ours", "A Recipient that contains ours.", f"https://evil.example/?{ACS_URL}"),
    _recipient("begins_with_ours", "A Recipient that begins with ours.", ACS_URL + ".evil.example"),
    _recipient("slash_missing", "Without the slash at the end.", ACS_URL[:-1]),
    _recipient(
        "another_connection", "The ACS URL of another connection of ours.", ACS_URL.replace("0123", "9999")
    ),
    _recipient("placeholder", "A blank Recipient field in OneLogin sends this text.", "{recipient}"),
    _recipient("empty", "An empty Recipient.", ""),
    _recipient("missing", "No Recipient.", None),
)
