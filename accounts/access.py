"""Who may open a page, and what a view knows of whoever opened it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import Organization, User
from accounts.roles import Permission

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Guard a view: nobody signed in is sent to the sign-in page; without the permission, 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View[P], guarded)

    return decorate


def organization_of(request: HttpRequest) -> Organization:
    """The organization of whoever is signed in. A page reaches everything it shows through it.

    Raises Http404 for an operator, who has no organization.
    """
    organization = request.user.organization if request.user.is_authenticated else None
    if organization is None:
        raise Http404
    return organization


def actor_of(request: HttpRequest) -> User:
    """The member who does this. Only for views behind `requires`."""
    assert request.user.is_authenticated
    return request.user
