"""Reset links by e-mail: good for 24 hours, built from our own public address, the same answer for everybody."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.core.validators import validate_email
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import AddressField
from accounts.mail_later import later
from accounts.models import User
from accounts.throttle import hit, network_of

_TRIES, _WINDOW = 10, timedelta(minutes=10)


class ResetForm(PasswordResetForm):
    """Sends a link to active members, with or without a password; the link does not depend on the Host header."""

    email = AddressField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        validators=[validate_email],
    )

    def get_users(self, email: str) -> Any:
        return User.objects.filter(email=email, is_active=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        public = urlsplit(settings.PUBLIC_BASE_URL)
        kwargs["domain_override"] = public.netloc
        kwargs["use_https"] = public.scheme == "https"
        # Looked up and sent after the answer, which is therefore as quick for somebody unknown.
        later(partial(super().save, *args, **kwargs))


class AskView(views.PasswordResetView):
    form_class = ResetForm
    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form: Any) -> Any:
        if not hit(f"reset:{network_of(self.request.META['REMOTE_ADDR'])}", _TRIES, _WINDOW, timezone.now()):
            form.add_error(None, _("Too many tries. Wait a few minutes, then try again."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_valid(form)


class DoneView(views.PasswordResetDoneView):
    template_name = "accounts/password_reset_done.html"


class ConfirmView(views.PasswordResetConfirmView):
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("password_reset_complete")

    def get_user(self, uidb64: str) -> User | None:
        # A link that was sent before somebody was deactivated sets nothing any more.
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        # A forgotten password is not a reason to stay locked out.
        User.objects.filter(email=form.user.email).update(failed_passwords=0, locked_until=None)
        return response


class CompleteView(views.PasswordResetCompleteView):
    template_name = "accounts/password_reset_complete.html"
