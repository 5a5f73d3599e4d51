"""What the sign-in log and the audit trail are filtered by, as people enter it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import AddressField
from accounts.models import Organization, User
from sso.log.lines import flow_label
from sso.log.sign_in_log import Result, Wanted
from sso.models import Flow
from sso.refusals import CATALOGUE

# Its results and reasons are those of the page; a "not a result" is for nobody.
_RESULTS = [
    ("", gettext_lazy("Any result")),
    (Result.SIGNED_IN.value, gettext_lazy("Signed in")),
    (Result.REFUSED.value, gettext_lazy("Refused")),
    (Result.NO_RESPONSE.value, gettext_lazy("No response")),
]


class _PeriodForm(forms.Form):
    """Person and days, which both pages are filtered by."""

    person = AddressField(
        label=gettext_lazy("Person"), required=False, max_length=254, widget=forms.TextInput
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, organization: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fields["person"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", gettext_lazy("The last day is before the first one."))
        return cleaned

    @property
    def emails(self) -> tuple[str, ...]:
        """The addresses a person may have: the one that was entered, or that name in each verified domain."""
        typed = self.cleaned_data["person"]
        if not typed or "@" in typed:
            return (typed,) if typed else ()
        domains = self.organization.domains.filter(verified_at__isnull=False).order_by("name")
        return tuple(f"{typed}@{domain.name}" for domain in domains) or (typed,)

    @property
    def first_moment(self) -> datetime | None:
        return _midnight(self.cleaned_data["since"])

    @property
    def end(self) -> datetime | None:
        """The first moment that is left out."""
        day = self.cleaned_data["until"]
        # No day comes after the last one of the calendar: it bounds nothing.
        return _midnight(day + timedelta(days=1)) if day and day < date.max else None

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered at all."""
        return any(self.data.get(name) for name in self.fields)


class LogFilterForm(_PeriodForm):
    """The filters of the sign-in log, in the words of the company's guide."""

    result = forms.ChoiceField(label=gettext_lazy("Result"), required=False, choices=_RESULTS)
    flow = forms.ChoiceField(label=gettext_lazy("Started at"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    field_order = ("result", "flow", "reason", "person", "since", "until")

    def __init__(self, organization: Organization, guide: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(organization, *args, **kwargs)
        flows = [(flow, flow_label(flow, guide)) for flow in Flow.values]
        reasons = sorted(
            (str(gettext_lazy(entry.title)), refusal.value)
            for refusal, entry in CATALOGUE.items()
            if not entry.is_warning
        )
        self.fields["flow"].choices = [("", gettext_lazy("Anywhere")), *flows]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("Any reason")),
            *((code, title) for title, code in reasons),
        ]

    @property
    def wanted(self) -> Wanted:
        """What was entered, for a valid form."""
        return Wanted(
            result=self.cleaned_data["result"],
            flow=self.cleaned_data["flow"],
            reason=self.cleaned_data["reason"],
            emails=self.emails,
            since=self.first_moment,
            until=self.end,
        )


class AuditFilterForm(_PeriodForm):
    """The filters of the audit trail: who did it, and when."""

    @property
    def actors(self) -> list[int] | None:
        """The members who are meant, by key; None when anybody is."""
        if not self.emails:
            return None
        found = User.objects.filter(organization=self.organization, email__in=self.emails)
        return list(found.values_list("pk", flat=True))


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=UTC) if day else None
