"""The configuration form: what is pasted is read and checked, and what can't be saved is named."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.roles import Role
from sso.connection.configuration import LABELS, Configuration, edited_configuration
from sso.guides import FREQUENT, GUIDES, Guide, Setting, guide_named
from sso.guides.recognition import (
    AddressProblem,
    OwnAddresses,
    are_swapped,
    guide_of,
    problem_of_issuer,
    problem_of_sso_url,
    tidy,
    tidy_sso_url,
)
from sso.models import Connection
from sso.saml.pasted import certificate_formats as pasted_certificates
from sso.saml.pasted.certificates import (
    CertificateProblem,
    CertificateRefused,
    IdpCertificateInfo,
    read_certificates,
)

# What may be carried along while the guide changes: the fields of text.
TYPED = ("sso_url", "idp_entity_id", "certificates")


class ConfigurationForm(forms.Form):
    """What the identity provider shows, entered here.

    After an error everything that was typed stays, except a private key.
    """

    sso_url = forms.CharField(
        label=gettext_lazy(LABELS["sso_url"]),
        error_messages={"required": gettext_lazy("Paste the SSO URL.")},
        widget=forms.TextInput(
            attrs={
                "class": "font-monospace",
                "inputmode": "url",
                "spellcheck": "false",
                "autocomplete": "off",
            }
        ),
    )
    idp_entity_id = forms.CharField(
        label=gettext_lazy(LABELS["idp_entity_id"]),
        error_messages={"required": gettext_lazy("Paste the Issuer / Entity ID.")},
        widget=forms.TextInput(
            attrs={"class": "font-monospace", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    certificates = forms.CharField(
        label=gettext_lazy(LABELS["certificates"]),
        required=False,
        widget=forms.Textarea(
            attrs={
                "class": "font-monospace",
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
        label=gettext_lazy(LABELS["default_role"]),
        help_text=gettext_lazy("The role of people who are created when they first sign in."),
    )
    allow_idp_initiated = forms.BooleanField(
        required=False,
        help_text=gettext_lazy("People click JustCall in their portal. Off: they start at JustCall only."),
    )
    create_members = forms.BooleanField(
        label=gettext_lazy(LABELS["create_members"]),
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
        self.edited = edited_configuration(connection)
        # What is pasted or uploaded. None of it: the certificates of before stay.
        self.new_certificates: tuple[IdpCertificateInfo, ...] = ()
        # Sentences about what was not saved as it was typed.
        self.put_right: list[str] = []
        super().__init__(
            data.copy() if data is not None else None,
            files,
            initial={**_initial(self.edited), **(initial or {})},
        )
        self.guide = self._whose_words()
        roles = [role.value for role in connection.organization.current_plan.roles if role is not Role.OWNER]
        if connection.default_role not in roles:
            # Saved on a plan that had it; it must not change merely because the page was saved.
            roles.append(connection.default_role)
        choice = self.fields["default_role"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(role, Role(role).label) for role in roles]
        self._explain()

    def _whose_words(self) -> Guide:
        """The guide that was chosen, else that of what is shown, else the one most companies need."""
        if self.connection.guide:
            return guide_named(self.connection.guide)
        shown = self.data if self.is_bound else self.initial
        addresses = [tidy(str(shown.get(name) or "")) for name in ("sso_url", "idp_entity_id")]
        return guide_of(addresses, GUIDES.values()) or FREQUENT[0]

    def _explain(self) -> None:
        guide = self.guide
        self.fields["sso_url"].help_text = _found_at(guide, guide.sso_url)
        self.fields["idp_entity_id"].help_text = _found_at(guide, guide.issuer)
        self.fields["certificates"].help_text = _found_at(guide, guide.certificate)
        self.fields["allow_idp_initiated"].label = gettext("Allow sign-in from the %(tile)s") % {
            "tile": gettext(guide.tile)
        }
        if self.edited.certificates:
            self.fields["certificates"].help_text += " " + self._what_an_empty_field_keeps()

    def _what_an_empty_field_keeps(self) -> str:
        staged, count = self.connection.staged, len(self.edited.certificates)
        if staged is not None and staged.pems:
            words = ngettext(
                "Leave it empty to keep the staged certificate; a new one replaces it.",
                "Leave it empty to keep the %(count)s staged certificates; a new one replaces them.",
                count,
            )
        else:
            words = ngettext(
                "Leave it empty to keep the saved certificate; a new one replaces it.",
                "Leave it empty to keep the %(count)s saved certificates; a new one replaces them.",
                count,
            )
        return words % {"count": count}

    def clean_sso_url(self) -> str:
        typed = tidy(self.cleaned_data["sso_url"])
        value = tidy_sso_url(typed)
        if value != typed:
            self.put_right.append(
                gettext("“%(end)s” at the end of the SSO URL was left away.") % {"end": typed[len(value) :]}
            )
        problem = problem_of_sso_url(value, _own(self.connection), self.guide)
        self._refuse("sso_url", problem, self.guide.sso_url)
        return value

    def clean_idp_entity_id(self) -> str:
        value = tidy(self.cleaned_data["idp_entity_id"])
        problem = problem_of_issuer(value, _own(self.connection), self.guide)
        self._refuse("idp_entity_id", problem, self.guide.issuer)
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
        if are_swapped(*self.addresses, self.guide):
            for name in ("sso_url", "idp_entity_id"):
                self.errors.pop(name, None)
            self.add_error(
                "sso_url", forms.ValidationError(gettext(AddressProblem.SWAPPED.sentence), code="swapped")
            )
        self._clean_certificates()
        return self.cleaned_data

    def _clean_certificates(self) -> None:
        if self.errors.keys() & {"certificates", "certificate_file"}:
            return
        pasted = self.cleaned_data.get("certificates", "")
        uploaded = self.cleaned_data.get("certificate_file")
        read = {}
        if pasted:
            read["certificates"] = self._read("certificates", pasted)
        if uploaded is not None:
            # One byte more than is taken: enough to see that it is too much.
            read["certificate_file"] = self._read(
                "certificate_file", uploaded.read(pasted_certificates.MAX_BYTES + 1)
            )
        if None in read.values():
            return
        found = [certificates for certificates in read.values() if certificates]
        if len({frozenset(each.sha256 for each in certificates) for certificates in found}) > 1:
            message = gettext(
                "The file holds another certificate than the one pasted. Keep only one of them."
            )
            self.add_error("certificate_file", forms.ValidationError(message, code="two_certificates"))
        elif found:
            self.new_certificates = found[0]
            # A browser never fills in a file again: should another field be wrong, the certificates are still here.
            self._put_in("certificates", pems_of(self.new_certificates))
        elif not self.edited.certificates:
            message = gettext("Paste the certificate or choose its file.")
            self.add_error("certificates", forms.ValidationError(message, code="required"))

    def _read(self, name: str, data: str | bytes) -> tuple[IdpCertificateInfo, ...] | None:
        try:
            return read_certificates(data)
        except CertificateRefused as refused:
            if refused.problem is CertificateProblem.PRIVATE_KEY and name == "certificates":
                # Never shown again, not even to the person who pasted it.
                self._put_in("certificates", "")
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
        return tidy(self.typed["sso_url"]), tidy(self.typed["idp_entity_id"])

    @property
    def configuration(self) -> Configuration:
        """What is to be saved, once the form is valid."""
        cleaned = self.cleaned_data
        return Configuration(
            sso_url=cleaned["sso_url"],
            idp_entity_id=cleaned["idp_entity_id"],
            certificates=self.new_certificates or self.edited.certificates,
            default_role=cleaned["default_role"],
            allow_idp_initiated=cleaned["allow_idp_initiated"],
            create_members=cleaned["create_members"],
        )


def filled_form(connection: Connection, initial: dict[str, str]) -> ConfigurationForm:
    """The form with values that were read. It says at once which of them can't be saved."""
    form = ConfigurationForm(connection, initial=initial)
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value not in (None, False):
            data[name] = "on" if value is True else str(value)
    bound = ConfigurationForm(connection, data)
    return bound if bound.errors else form


def pems_of(certificates: tuple[IdpCertificateInfo, ...]) -> str:
    """Certificates as they stand in the field where they are pasted."""
    return "".join(each.pem for each in certificates)


def _initial(edited: Configuration) -> dict[str, Any]:
    """Saved certificates are shown beside the field; in it stand new ones only."""
    return {name: getattr(edited, name) for name in LABELS if name != "certificates"}


def _own(connection: Connection) -> OwnAddresses:
    return OwnAddresses(connection.acs_url, connection.entity_id, settings.PUBLIC_BASE_URL)


def _found_at(guide: Guide, setting: Setting) -> str:
    return gettext("“%(label)s” in %(idp)s: %(path)s.") % {
        "label": setting.label,
        "idp": guide.title,
        "path": setting.menu_path,
    }
