"""The forms of Settings → Security → Single Sign-On."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, gettext_lazy

from accounts.roles import Role
from sso.connection.metadata_fetch import MAX_URL as MAX_METADATA_URL
from sso.connection.metadata_fetch import FetchFailed, MetadataFetcher, ascii_url
from sso.connection.setup import Configuration
from sso.guides import Guide, Setting, guide_named
from sso.guides.recognition import (
    AddressProblem,
    OwnAddresses,
    are_swapped,
    problem_of_issuer,
    problem_of_sso_url,
    tidy,
)
from sso.models import Connection
from sso.saml.pasted import certificate_formats as pasted_certificates
from sso.saml.pasted.certificates import (
    CertificateProblem,
    CertificateRefused,
    IdpCertificateInfo,
    read_certificate,
)
from sso.saml.pasted.metadata import MAX_BYTES as MAX_METADATA_BYTES
from sso.saml.pasted.metadata import IdpMetadata, MetadataProblem, MetadataRefused, read_idp_metadata

# What may be carried along while the guide changes: the fields of text.
TYPED = ("sso_url", "issuer", "certificate")


class ConfigurationForm(forms.Form):
    """What OneLogin shows, entered here. Upon an error everything typed stays, but for a private key."""

    sso_url = forms.CharField(
        label=gettext_lazy("SSO URL"),
        error_messages={"required": gettext_lazy("Paste the SSO URL.")},
        widget=forms.TextInput(
            attrs={"class": "jc-mono", "inputmode": "url", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issuer / Entity ID"),
        error_messages={"required": gettext_lazy("Paste the Issuer / Entity ID.")},
        widget=forms.TextInput(attrs={"class": "jc-mono", "spellcheck": "false", "autocomplete": "off"}),
    )
    certificate = forms.CharField(
        label=gettext_lazy("Certificate"),
        required=False,
        widget=forms.Textarea(
            attrs={
                "class": "jc-mono",
                "rows": 6,
                "spellcheck": "false",
                "autocomplete": "off",
                "placeholder": "-----BEGIN CERTIFICATE-----",
            }
        ),
    )
    certificate_file = forms.FileField(
        label=gettext_lazy("Or upload the certificate"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pem,.crt,.cer,.der,.p7b,.txt"}),
        help_text=gettext_lazy("A .pem, .crt, .cer or .der file."),
    )
    default_role = forms.ChoiceField(
        label=gettext_lazy("Default Role"),
        help_text=gettext_lazy("The role of people who are created when they first sign in."),
    )
    allow_idp_initiated = forms.BooleanField(
        required=False,
        help_text=gettext_lazy("People click JustCall in their portal. Off: they start at JustCall only."),
    )
    create_members = forms.BooleanField(
        label=gettext_lazy("Create members automatically"),
        required=False,
        help_text=gettext_lazy(
            "Somebody who is assigned in your company portal but not yet a member becomes one at the first "
            "sign-in, while seats last. Off: only members and people you invited can sign in."
        ),
    )

    def __init__(
        self,
        connection: Connection,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.connection = connection
        self.guide: Guide = guide_named(connection.guide)
        self.certificate_info: IdpCertificateInfo | None = None
        super().__init__(
            data.copy() if data is not None else None,
            files,
            initial={**saved_values(connection), **(initial or {})},
        )
        roles = [role.value for role in connection.organization.current_plan.roles if role is not Role.OWNER]
        if connection.default_role not in roles:
            # Saved on a plan that had it; it must not change merely because the page was saved.
            roles.append(connection.default_role)
        choice = self.fields["default_role"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(role, Role(role).label) for role in roles]
        self._explain()

    def _explain(self) -> None:
        guide = self.guide
        self.fields["sso_url"].help_text = _found_at(guide, guide.sso_url)
        self.fields["issuer"].help_text = _found_at(guide, guide.issuer)
        self.fields["certificate"].help_text = _found_at(guide, guide.certificate)
        self.fields["allow_idp_initiated"].label = gettext("Allow sign-in from the %(tile)s") % {
            "tile": gettext(guide.tile)
        }
        if self.connection.certificates.exists():
            self.fields["certificate"].help_text += " " + gettext(
                "Leave it empty to keep the saved certificate; a new one replaces it."
            )

    def clean_sso_url(self) -> str:
        value = tidy(self.cleaned_data["sso_url"])
        problem = problem_of_sso_url(value, _own(self.connection), self.guide)
        self._refuse("sso_url", problem, self.guide.sso_url)
        return value

    def clean_issuer(self) -> str:
        value = tidy(self.cleaned_data["issuer"])
        problem = problem_of_issuer(value, _own(self.connection), self.guide)
        self._refuse("issuer", problem, self.guide.issuer)
        return value

    def _refuse(self, name: str, problem: AddressProblem | None, wanted: Setting) -> None:
        if problem is not None:
            if problem is AddressProblem.PRIVATE_KEY:
                self._put_in(name, "")
            words = {
                "idp": self.guide.title,
                "sso": self.guide.sso_url.label,
                "issuer": self.guide.issuer.label,
                "wanted": wanted.label,
            }
            raise forms.ValidationError(gettext(problem.sentence) % words, code=problem.value)

    def clean(self) -> dict[str, Any]:
        sso_url, issuer = (tidy(str(self.data.get(name, ""))) for name in ("sso_url", "issuer"))
        if are_swapped(sso_url, issuer, self.guide):
            for name in ("sso_url", "issuer"):
                self.errors.pop(name, None)
            self.add_error(
                "sso_url", forms.ValidationError(gettext(AddressProblem.SWAPPED.sentence), code="swapped")
            )
        self._clean_certificate()
        return self.cleaned_data

    def _clean_certificate(self) -> None:
        if self.errors.keys() & {"certificate", "certificate_file"}:
            return
        pasted = self.cleaned_data.get("certificate", "")
        uploaded = self.cleaned_data.get("certificate_file")
        read = {}
        if pasted:
            read["certificate"] = self._read("certificate", pasted)
        if uploaded is not None:
            # One byte more than is taken: enough to see that it is too much.
            read["certificate_file"] = self._read(
                "certificate_file", uploaded.read(pasted_certificates.MAX_BYTES + 1)
            )
        if None in read.values():
            return
        certificates = {info.sha256: info for info in read.values() if info is not None}
        if len(certificates) > 1:
            message = gettext(
                "The file holds another certificate than the one pasted. Keep only one of them."
            )
            self.add_error("certificate_file", forms.ValidationError(message, code="two_certificates"))
        elif certificates:
            self.certificate_info = next(iter(certificates.values()))
            # A browser never fills in a file again: should another field be wrong, the certificate is still here.
            self._put_in("certificate", self.certificate_info.pem)
        elif not self.connection.certificates.exists():
            message = gettext("Paste the certificate or choose its file.")
            self.add_error("certificate", forms.ValidationError(message, code="required"))

    def _read(self, name: str, data: str | bytes) -> IdpCertificateInfo | None:
        try:
            return read_certificate(data)
        except CertificateRefused as refused:
            if refused.problem is CertificateProblem.PRIVATE_KEY and name == "certificate":
                # Never shown again, not even to the person who pasted it.
                self._put_in("certificate", "")
            self.add_error(
                name, forms.ValidationError(gettext(refused.problem.sentence), code=refused.problem.value)
            )
            return None

    def _put_in(self, name: str, value: str) -> None:
        assert isinstance(self.data, QueryDict)
        self.data[name] = value

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields of text, as it is shown."""
        return {name: str(self[name].value() or "") for name in TYPED}

    @property
    def addresses(self) -> tuple[str, str]:
        """SSO URL and issuer as they are shown."""
        return tidy(self.typed["sso_url"]), tidy(self.typed["issuer"])

    @property
    def configuration(self) -> Configuration:
        """What is to be saved, once the form is valid."""
        cleaned = self.cleaned_data
        return Configuration(
            sso_url=cleaned["sso_url"],
            idp_entity_id=cleaned["issuer"],
            certificate=self.certificate_info,
            default_role=cleaned["default_role"],
            allow_idp_initiated=cleaned["allow_idp_initiated"],
            create_members=cleaned["create_members"],
        )


class MetadataForm(forms.Form):
    """The identity provider's metadata, by its address or as a file, to be read instead of typing."""

    metadata_url = forms.CharField(
        label=gettext_lazy("Metadata URL"),
        required=False,
        max_length=MAX_METADATA_URL,
        help_text=gettext_lazy(
            "The address that opens the metadata without signing in. We fetch it once, now."
        ),
        widget=forms.TextInput(
            attrs={"class": "jc-mono", "inputmode": "url", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    metadata_file = forms.FileField(
        label=gettext_lazy("Metadata file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml"}),
    )

    def clean_metadata_url(self) -> str:
        return ascii_url(tidy(self.cleaned_data["metadata_url"]))

    def clean(self) -> dict[str, Any]:
        given = [name for name in ("metadata_url", "metadata_file") if self.cleaned_data.get(name)]
        if self.errors or len(given) == 1:
            return self.cleaned_data
        words = (
            gettext("Enter the metadata URL or choose the file.")
            if not given
            else gettext("Enter the metadata URL or choose the file, not both.")
        )
        self.add_error("metadata_url", forms.ValidationError(words, code="one_of_two"))
        return self.cleaned_data

    def read(self, fetcher: MetadataFetcher) -> dict[str, Any] | None:
        """What a valid form's metadata fills into the configuration form; None with an error that names the cause."""
        uploaded: UploadedFile[bytes] | None = self.cleaned_data["metadata_file"]
        name = "metadata_file" if uploaded else "metadata_url"
        try:
            # One byte more than is taken: enough to see that it is too much.
            data = (
                uploaded.read(MAX_METADATA_BYTES + 1)
                if uploaded
                else fetcher.fetch(self.cleaned_data["metadata_url"])
            )
            return values_from(read_idp_metadata(data))
        except FetchFailed as failed:
            message = gettext(failed.problem.sentence)
            words = message % {"detail": failed.detail} if failed.detail else message
            self.add_error(name, forms.ValidationError(words, code=failed.problem.value))
        except MetadataRefused as refused:
            words = gettext(refused.problem.sentence)
            self.add_error(name, forms.ValidationError(words, code=refused.problem.value))
        return None


def saved_values(connection: Connection) -> dict[str, Any]:
    """The configuration form's initial values: of the staged change, if there is one, so that it can be mended."""
    shown = connection.staged or connection
    return {
        "sso_url": shown.sso_url,
        "issuer": shown.idp_entity_id,
        "default_role": connection.default_role,
        "allow_idp_initiated": connection.allow_idp_initiated,
        "create_members": connection.create_members,
    }


# Each may be a chain to be put in order; a handful is in use where keys are being changed.
_CERTIFICATES_LOOKED_AT = 10


def values_from(metadata: IdpMetadata) -> dict[str, Any]:
    """What a metadata document fills into the configuration form. Raises MetadataRefused for a useless certificate."""
    for der in metadata.certificates[:_CERTIFICATES_LOOKED_AT]:
        try:
            pem = read_certificate(der).pem
        except CertificateRefused:
            continue
        return {"sso_url": metadata.sso_url, "issuer": metadata.entity_id, "certificate": pem}
    raise MetadataRefused(MetadataProblem.NO_CERTIFICATE)


def _own(connection: Connection) -> OwnAddresses:
    return OwnAddresses(connection.acs_url, connection.entity_id, settings.PUBLIC_BASE_URL)


def _found_at(guide: Guide, setting: Setting) -> str:
    return gettext("“%(label)s” in %(idp)s: %(path)s.") % {
        "label": setting.label,
        "idp": guide.title,
        "path": setting.menu_path,
    }
