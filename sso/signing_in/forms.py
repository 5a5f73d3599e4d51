"""The one field that signing in begins with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import AddressField


class EmailForm(forms.Form):
    """A work email. It has the focus, unless something above it has."""

    email = AddressField(
        label=gettext_lazy("Work email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": gettext_lazy("Enter your work email.")},
    )

    def __init__(self, *args: Any, has_focus: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autofocus"] = has_focus
