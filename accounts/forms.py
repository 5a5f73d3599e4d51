"""Forms of signing in, a forgotten password, invitations, domains and the team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy

from accounts.addresses import canonical_email
from accounts.models import Organization
from accounts.roles import Role


class AddressField(forms.CharField):
    """An e-mail address, cleaned to its one spelling. Validators say whether it is an address at all."""

    widget = forms.EmailInput

    def to_python(self, value: Any) -> str:
        return canonical_email(super().to_python(value) or "")


class SignInForm(forms.Form):
    email = AddressField(
        label=gettext_lazy("Work email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": gettext_lazy("Enter your work email.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )


class ResetForm(forms.Form):
    email = AddressField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[validate_email],
    )


class TakeUpForm(forms.Form):
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=100)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=100)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=4096,
        strip=False,
        help_text=gettext_lazy("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class DomainForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Email domain"),
        max_length=300,
        help_text=gettext_lazy("The part after the @ of your work email, such as acme.example."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter a domain.")},
    )


def roles_to_give(organization: Organization) -> list[tuple[str, str]]:
    """The roles that a member can be given: those of the plan, without Owner."""
    return [(role.value, role.label) for role in organization.current_plan.roles if role is not Role.OWNER]


class InviteForm(forms.Form):
    email = AddressField(label=gettext_lazy("Email"), max_length=254, validators=[validate_email])
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.AGENT.value)

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_to_give(organization)  # type: ignore[attr-defined]
