"""The form of Troubleshoot: what was pasted or uploaded, and the time to judge it at."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext_lazy

from sso.saml.pasted.messages import MAX_BYTES

_MAX_SHOWN_AGAIN = 100


class UploadInMemory(MemoryFileUploadHandler):
    """Keeps an uploaded file in memory: a HAR file holds cookies, so it must not be written to disk."""

    def handle_raw_input(self, *_args: object, **_options: object) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        # The chunk that crosses the limit is kept, so that we notice that the file is too large.
        return super().receive_data_chunk(raw_data, start) if start <= MAX_BYTES else None


class JudgeAt(StrEnum):
    """The time at which a pasted message is judged."""

    NOW = "now"
    MADE = "made"
    OTHER = "other"


class TroubleshootForm(forms.Form):
    """Only the time can be invalid. What was pasted is found out later."""

    is_forgotten = False

    message = forms.CharField(
        label=gettext_lazy("Reference or message"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "class": "font-monospace",
                "rows": 6,
                "spellcheck": "false",
                "autocomplete": "off",
                "autocapitalize": "off",
                "placeholder": "SSO-7K2M9QXD",
            }
        ),
        help_text=gettext_lazy(
            "A reference from somebody's error page. Or the SAMLResponse the browser posted: base64, the form's body, "
            "a web address, a HAR file, an export of SAML-tracer, or XML."
        ),
    )
    message_file = forms.FileField(
        label=gettext_lazy("Or upload a file"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "A HAR file from the browser's developer tools, an export of SAML-tracer, or XML. At most 5 MB. It is read "
            "once and not kept."
        ),
    )
    judge = forms.ChoiceField(
        label=gettext_lazy("Judge the time of a message as of"),
        required=False,
        initial=JudgeAt.NOW.value,
        choices=[
            (JudgeAt.NOW.value, gettext_lazy("Now")),
            (JudgeAt.MADE.value, gettext_lazy("When it was made")),
            (JudgeAt.OTHER.value, gettext_lazy("Another time")),
        ],
        widget=forms.RadioSelect,
    )
    at = forms.DateTimeField(
        label=gettext_lazy("The other time, in UTC"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
        error_messages={"invalid": gettext_lazy("Enter a date and a time, such as 2026-01-31 09:30.")},
    )

    def clean(self) -> dict[str, object]:
        cleaned = dict(super().clean() or {})
        if cleaned.get("judge") == JudgeAt.OTHER and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", str(gettext_lazy("Enter the time to judge it at.")))
        return cleaned

    def without_message(self) -> TroubleshootForm:
        """The form to show again. It keeps a mistyped reference, but never sends back a message or key."""
        typed = self.data.get("message", "")
        self.is_forgotten = len(typed) > _MAX_SHOWN_AGAIN or "PRIVATE KEY" in typed
        if self.is_forgotten:
            self.data = {name: "" if name == "message" else self.data[name] for name in self.data}
        return self

    @property
    def pasted(self) -> bytes | str:
        """The uploaded file, or else the pasted text."""
        uploaded = self.cleaned_data.get("message_file")
        if isinstance(uploaded, UploadedFile):
            return bytes(uploaded.read())
        return str(self.cleaned_data.get("message", ""))

    @property
    def judge_at(self) -> JudgeAt:
        return JudgeAt(self.cleaned_data.get("judge") or JudgeAt.NOW)

    @property
    def other_time(self) -> datetime | None:
        at = self.cleaned_data.get("at")
        return at if isinstance(at, datetime) else None
