"""Forms of signing in, a forgotten password, invitations, domains and the team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.addresses import canonical_email
from accounts.models import Organization
from accounts.roles import ROLE_CHOICES, Role
from accounts.team_list import Sort, SsoUse, State, Wanted


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where there is something to type.
        field = "password" if self.is_bound or self.initial.get("email") else "email"
        self.fields[field].widget.attrs["autofocus"] = True


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


class TeamFilterForm(forms.Form):
    """Search, filters and order of the list of people. Its labels are heard; what is chosen is seen."""

    q = forms.CharField(
        label=gettext_lazy("Name or email"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": gettext_lazy("Name or email"),
            }
        ),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=[("", gettext_lazy("Any role")), *ROLE_CHOICES]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[
            ("", gettext_lazy("Any status")),
            (State.ACTIVE.value, gettext_lazy("Active")),
            (State.DEACTIVATED.value, gettext_lazy("Deactivated")),
            (State.INVITED.value, gettext_lazy("Invited")),
        ],
    )
    sso = forms.ChoiceField(
        label=gettext_lazy("Single sign-on"),
        required=False,
        choices=[
            ("", gettext_lazy("SSO or not")),
            (SsoUse.USED.value, gettext_lazy("Has used SSO")),
            (SsoUse.NOT_YET.value, gettext_lazy("Not with SSO yet")),
        ],
    )
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("Active first")),
            (Sort.NAME.value, gettext_lazy("Name, A–Z")),
            (f"-{Sort.NAME}", gettext_lazy("Name, Z–A")),
            (Sort.EMAIL.value, gettext_lazy("Email, A–Z")),
            (f"-{Sort.EMAIL}", gettext_lazy("Email, Z–A")),
            (Sort.ROLE.value, gettext_lazy("Role, Owner first")),
            (f"-{Sort.ROLE}", gettext_lazy("Role, Agent first")),
            (Sort.LAST_SSO.value, gettext_lazy("Last SSO, newest")),
            (f"-{Sort.LAST_SSO}", gettext_lazy("Last SSO, oldest")),
        ],
    )

    def __init__(self, query: QueryDict) -> None:
        # The form that invites has a role, too.
        super().__init__(query, auto_id="filter_%s")

    @property
    def wanted(self) -> Wanted:
        """What was entered, as far as it can be read."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            search=found.get("q", ""),
            role=found.get("role", ""),
            state=found.get("state", ""),
            sso=found.get("sso", ""),
            sort=found.get("sort", ""),
        )
