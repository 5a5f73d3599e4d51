"""Pages with one message, such as "not found"."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from sso.simulator.json_records import NotARecord
from sso.simulator.state import NotFound


def message_page(request: HttpRequest, title: str, sentence: str, status: int) -> HttpResponse:
    """A page with a title and a sentence, as OneLogin shows its own errors."""
    return render(request, "simulator/message.html", {"title": title, "sentence": sentence}, status=status)


class NotFoundMiddleware:
    """Turns NotFound and NotARecord into a page, or into JSON under /api/."""

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
        return message_page(request, title, f"{trouble}.", status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid CSRF token."""
    return message_page(request, "Please try again", "This form did not come from this page.", 403)
