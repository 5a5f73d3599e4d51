"""The pages of a refused sign-in that have an address of their own."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sso.models import SignInEvent
from sso.refusals import Refusal
from sso.signing_in import kept_refusal
from sso.signing_in.refused_page import USED_BEFORE, refused_page

_WINDOW = timedelta(minutes=5)


@never_cache
@require_safe
def again(request: HttpRequest, reference: str) -> HttpResponse:
    """A response that was used before leads on to the app, if it has signed in the person here.

    The POST came without the session's cookie, which only this site's own pages bring. Nobody is signed in by this.
    """
    event = get_object_or_404(
        SignInEvent.objects.select_related("connection__organization"),
        reference=reference.upper(),
        refusal__in=USED_BEFORE,
        occurred_at__gt=timezone.now() - _WINDOW,
    )
    user = request.user
    if user.is_authenticated and user.email == event.email and user.organization_id == event.organization_id:
        return redirect("home")
    return refused_page(request, Refusal(event.refusal), event, event.connection, is_final=True)


@never_cache
@require_safe
def refused(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a refusal once more, for the browser that was refused. For any other there is no such page."""
    wanted = kept_refusal.recall(request, reference)
    if wanted is None:
        raise Http404
    event = get_object_or_404(
        SignInEvent.objects.select_related("connection__organization"), reference=reference
    )
    page = refused_page(request, Refusal(event.refusal), event, event.connection, wanted, is_final=True)
    # The page itself is as it should be.
    page.status_code = 200
    return page
