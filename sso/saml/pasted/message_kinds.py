"""Names for what people paste when a sign-in has failed, and the words for each."""

from __future__ import annotations

from enum import StrEnum

from sso.phrases import gettext_noop


class PastedForm(StrEnum):
    """The form in which a response was pasted."""

    BASE64 = "base64"
    XML = "xml"
    FORM_BODY = "form_body"
    URL = "url"
    WEB_PAGE = "web_page"
    HAR = "har"
    TRACER = "tracer"

    @property
    def words(self) -> str:
        return _FORMS[self]


_FORMS = {
    PastedForm.BASE64: gettext_noop("a SAMLResponse in base64"),
    PastedForm.XML: gettext_noop("a SAML response as XML"),
    PastedForm.FORM_BODY: gettext_noop("the body of a form with a SAMLResponse"),
    PastedForm.URL: gettext_noop("a web address with a SAMLResponse"),
    PastedForm.WEB_PAGE: gettext_noop("a web page with a SAMLResponse in its form"),
    PastedForm.HAR: gettext_noop("a HAR file with a SAMLResponse"),
    PastedForm.TRACER: gettext_noop("an export of SAML-tracer with a SAMLResponse"),
}


class PastedKind(StrEnum):
    """What was pasted instead of a response or a reference."""

    NOTHING = "nothing"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    PRIVATE_KEY = "private_key"
    CERTIFICATE = "certificate"
    JWT = "jwt"
    ERROR_REFERENCE = "error_reference"
    NOT_A_REFERENCE = "not_a_reference"
    AUTHN_REQUEST = "authn_request"
    LOGOUT_REQUEST = "logout_request"
    LOGOUT_RESPONSE = "logout_response"
    METADATA = "metadata"
    ASSERTION = "assertion"
    OTHER_XML = "other_xml"
    WEB_PAGE = "web_page"
    URL = "url"
    RECORDING_WITHOUT_RESPONSE = "recording_without_response"
    REQUEST_WITHOUT_RESPONSE = "request_without_response"
    MASKED = "masked"
    BROKEN_JSON = "broken_json"
    JSON = "json"
    TRUNCATED = "truncated"
    UNKNOWN = "unknown"

    @property
    def sentence(self) -> str:
        """What the admin reads: what was pasted, and what to paste instead."""
        return _SENTENCES[self]


_SENTENCES = {
    PastedKind.NOTHING: gettext_noop(
        "There is nothing in it. Paste a reference or a SAML response, or choose a file."
    ),
    PastedKind.TOO_LARGE: gettext_noop(
        "This is more than 5 MB. Record only the sign-in, or paste the SAMLResponse from the file."
    ),
    PastedKind.BINARY: gettext_noop(
        "This is not text. Paste the SAMLResponse, or upload a HAR file or an XML file."
    ),
    PastedKind.PRIVATE_KEY: gettext_noop(
        "This is a private key. We have not kept any of it. Treat it as exposed and replace it."
    ),
    PastedKind.CERTIFICATE: gettext_noop(
        "This is a certificate or a public key, not a response. It belongs in Certificate on the Single Sign-On page."
    ),
    PastedKind.JWT: gettext_noop(
        "This is a JWT, as OpenID Connect uses it. SAML sign-in sends a SAMLResponse."
    ),
    PastedKind.ERROR_REFERENCE: gettext_noop(
        "This is the reference of an error page (REQ-…), not of a sign-in. JustCall support finds it in the logs."
    ),
    PastedKind.NOT_A_REFERENCE: gettext_noop(
        "A reference is SSO- and eight letters and digits, such as SSO-7K2M9QXD."
    ),
    PastedKind.AUTHN_REQUEST: gettext_noop(
        "This is a SAMLRequest: the question JustCall sent, not the answer. Paste the SAMLResponse that came back."
    ),
    PastedKind.LOGOUT_REQUEST: gettext_noop(
        "This is a LogoutRequest: it signs somebody out. Paste the SAMLResponse of a sign-in."
    ),
    PastedKind.LOGOUT_RESPONSE: gettext_noop(
        "This is a LogoutResponse: the answer to signing out. Paste the SAMLResponse of a sign-in."
    ),
    PastedKind.METADATA: gettext_noop(
        "This is SAML metadata, a description and not a message. It belongs in “Upload metadata instead” on the Single "
        "Sign-On page."
    ),
    PastedKind.ASSERTION: gettext_noop(
        "This is an Assertion without the Response around it. Paste the whole SAMLResponse, as it was posted."
    ),
    PastedKind.OTHER_XML: gettext_noop("This is XML, but not a SAML response."),
    PastedKind.WEB_PAGE: gettext_noop(
        "This is a web page without a SAMLResponse. Paste what the browser posted to JustCall."
    ),
    PastedKind.URL: gettext_noop(
        "This is a web address without a SAMLResponse. Responses are posted, so they don't show in the address."
    ),
    PastedKind.RECORDING_WITHOUT_RESPONSE: gettext_noop(
        "This recording has no SAMLResponse. Begin it before you sign in, in the developer tools with “Preserve log” "
        "ticked, then export it again."
    ),
    PastedKind.REQUEST_WITHOUT_RESPONSE: gettext_noop(
        "This is a request without a SAMLResponse. Copy the POST to JustCall with what it has posted: the Payload in the "
        "developer tools, the tab Parameters in SAML-tracer."
    ),
    PastedKind.MASKED: gettext_noop(
        "The SAMLResponse in this recording is masked or removed. Export it again with its values: in SAML-tracer, "
        "choose the cookie-filter profile “None”."
    ),
    PastedKind.BROKEN_JSON: gettext_noop(
        "This looks like a HAR file or an export of SAML-tracer, but it is damaged or its end is missing. Export it "
        "again."
    ),
    PastedKind.JSON: gettext_noop("This is JSON, but neither a HAR file nor an export of SAML-tracer."),
    PastedKind.TRUNCATED: gettext_noop(
        "The SAMLResponse is cut off or damaged. Copy it again, from its first character to its last."
    ),
    PastedKind.UNKNOWN: gettext_noop(
        "This is neither a reference nor a SAML response, nor anything else we recognise."
    ),
}
