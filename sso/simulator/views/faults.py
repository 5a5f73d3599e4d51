"""What is said when something is not there."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from sso.simulator.json_records import NotARecord
from sso.simulator.state import NotFound


def said(request: HttpRequest, title: str, sentence: str, status: int) -> HttpResponse:
    """A page with one thing to say, as OneLogin shows its own errors."""
    return render(request, "simulator/said.html", {"title": title, "sentence": sentence}, status=status)


class NotFoundMiddleware:
    """Turns the rules' own errors into answers: a page, or JSON under /api/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponseBase | None:
        if not isinstance(trouble, NotFound | NotARecord):
            return None
        status = 404 if isinstance(trouble, NotFound) else 400
        if request.path.startswith("/api/"):
            return JsonResponse({"error": str(trouble)}, status=status)
        title = "We couldn't find that" if status == 404 else "That can't be saved"
        return said(request, title, f"{trouble}.", status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from somewhere else."""
    return said(request, "Please try again", "This form did not come from this page.", 403)
