"""The metadata form, and what a metadata document fills into the configuration form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from sso.connection.metadata_fetch import MAX_URL, FetchFailed, ascii_url
from sso.guides.recognition import tidy
from sso.saml.pasted.metadata import (
    MAX_BYTES,
    IdpMetadata,
    MetadataProblem,
    MetadataRefused,
    read_idp_metadata,
)
from sso.saml.pasted.metadata_certificates import MOST_CERTIFICATES, signing_certificates
from sso.settings_page.forms import pems_of

# An address that a mail program has put between angle brackets is still one.
_ADDRESS = re.compile(r"[<\"']*https?://", re.I)
# What is in metadata, a certificate or a key, and in no address.
_NO_ADDRESS = re.compile(r"<|&lt;|-BEGIN |^[{\[]|^MI[A-Za-z0-9+/\s]{60}")


class MetadataForm(forms.Form):
    """The identity provider's metadata, by its address or as a file, to be read instead of typing.

    A file is read here, and metadata that were pasted in place of their address. An address is fetched by the view: a
    form makes no request.
    """

    metadata_url = forms.CharField(
        label=gettext_lazy("Metadata URL"),
        required=False,
        help_text=gettext_lazy(
            "The address that opens the metadata without signing in: we fetch it once, now. Or the XML itself."
        ),
        widget=forms.TextInput(
            attrs={
                "class": "font-monospace",
                "inputmode": "url",
                "spellcheck": "false",
                "autocomplete": "off",
            }
        ),
    )
    metadata_file = forms.FileField(
        label=gettext_lazy("Metadata file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml"}),
    )

    # The metadata themselves, pasted in place of their address.
    pasted = ""

    def clean_metadata_url(self) -> str:
        typed: str = self.cleaned_data["metadata_url"]
        if _NO_ADDRESS.search(typed) and not _ADDRESS.match(typed):
            self.pasted = typed
            return ""
        if len(typed) > MAX_URL:
            raise forms.ValidationError(
                gettext("An address has at most 2048 characters. Copy it again."), code="too_long"
            )
        return ascii_url(tidy(typed))

    def clean(self) -> dict[str, Any]:
        given = [name for name in ("metadata_url", "metadata_file") if self.cleaned_data.get(name)]
        if self.pasted:
            given.append("pasted")
        if not self.errors and len(given) != 1:
            words = (
                gettext("Enter the metadata URL or choose the file.")
                if not given
                else gettext("Enter the metadata URL or choose the file, not both.")
            )
            self.add_error("metadata_url", forms.ValidationError(words, code="one_of_two"))
        return self.cleaned_data

    @property
    def url(self) -> str:
        """The address that is to be fetched; empty for a file."""
        return str(self.cleaned_data["metadata_url"])

    def read(self, own_site: str) -> IdpMetadata:
        """The metadata that were pasted or uploaded. Raises MetadataRefused."""
        if self.pasted:
            return read_idp_metadata(self.pasted.encode(), own_site)
        uploaded: UploadedFile[bytes] = self.cleaned_data["metadata_file"]
        # One byte more than is taken: enough to see that it is too much.
        return read_idp_metadata(uploaded.read(MAX_BYTES + 1), own_site)

    def explain(self, failure: FetchFailed | MetadataRefused) -> None:
        """Say beside the field why nothing could be read."""
        words = gettext(failure.problem.sentence)
        if isinstance(failure, MetadataRefused):
            words = " ".join([words, *(gettext(problem.sentence) for problem in failure.certificates)])
        elif failure.detail:
            words %= {"detail": failure.detail}
        if failure.problem is MetadataProblem.PRIVATE_KEY:
            # Never shown again, not even to the person who pasted it.
            self.data = {}
        name = "metadata_url" if self.url or self.pasted else "metadata_file"
        self.add_error(name, forms.ValidationError(words, code=failure.problem.value))


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What metadata fills into the configuration form, and what the page says of it."""

    initial: dict[str, str]
    taken: list[str]
    left_out: list[str]
    warnings: list[str]


def filled_in(metadata: IdpMetadata, now: datetime) -> FilledIn:
    """The values of a metadata document. Raises MetadataRefused without a certificate that can be used."""
    signing = signing_certificates(metadata, now)
    left_out = [
        gettext("One that expired on %(day)s was left out: %(subject)s")
        % {"day": _day(each.not_after), "subject": each.subject}
        for each in signing.expired
    ]
    left_out += [
        gettext("One can't be used and was left out.") + " " + gettext(problem.sentence)
        for problem in signing.unusable
    ]
    if signing.is_cut_off:
        left_out.append(gettext("Only the first %d were looked at.") % MOST_CERTIFICATES)
    return FilledIn(
        initial={
            "sso_url": metadata.sso_url,
            "idp_entity_id": metadata.entity_id,
            "certificates": pems_of(signing.taken),
        },
        taken=[
            gettext("%(subject)s, valid until %(day)s")
            % {"subject": each.subject, "day": _day(each.not_after)}
            for each in signing.taken
        ],
        left_out=left_out,
        warnings=list(_warnings(metadata, now)),
    )


def _warnings(metadata: IdpMetadata, now: datetime) -> Iterator[str]:
    if metadata.valid_until is not None and metadata.valid_until <= now:
        yield gettext(
            "This metadata was valid until %(day)s. Download it again: the certificate may have been replaced since."
        ) % {"day": _day(metadata.valid_until)}
    if not metadata.takes_redirect:
        yield gettext(
            "This identity provider takes requests by HTTP-POST only, and JustCall sends them by HTTP-Redirect. People "
            "can sign in from its portal; “Sign in with SSO” and Test Connection may end with an error there."
        )


def _day(moment: datetime) -> str:
    return date_format(moment, "j M Y")
