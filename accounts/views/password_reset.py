"""A forgotten password: ask for a link by e-mail, and set a new password with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ResetForm
from accounts.models import User
from accounts.passwords import send_reset_link
from accounts.throttle import hit, network_of

_TRIES, _WINDOW = 10, timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether somebody has this address or not."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if hit(f"reset:{network_of(request.META['REMOTE_ADDR'])}", _TRIES, _WINDOW, now):
            send_reset_link(form.cleaned_data["email"], now)
            return redirect("password_reset_done")
        form.add_error(None, _("Too many tries. Wait a few minutes, then try again."))
        return render(request, "accounts/password_reset.html", {"form": form}, status=429)
    status = 422 if form.errors else 200
    return render(request, "accounts/password_reset.html", {"form": form}, status=status)


class DoneView(views.PasswordResetDoneView):
    template_name = "accounts/password_reset_done.html"


class ConfirmView(views.PasswordResetConfirmView):
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("password_reset_complete")

    def get_user(self, uidb64: str) -> User | None:
        # A deactivated member may still have a link: it must not work.
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        # Whoever has just set a password must not stay locked out.
        User.objects.filter(email=form.user.email).update(failed_passwords=0, locked_until=None)
        return response


class CompleteView(views.PasswordResetCompleteView):
    template_name = "accounts/password_reset_complete.html"
