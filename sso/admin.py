"""What operators may look at. Nothing of single sign-on is changed from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from sso.models import Connection, SignInEvent

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(_ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    list_display = ("organization", "public_id", "guide", "enabled_at", "tested_at")
    search_fields = ("organization__name", "organization__slug", "public_id")


@admin.register(SignInEvent)
class SignInEventAdmin(ReadOnlyAdmin):
    list_display = ("reference", "organization", "occurred_at", "flow", "refusal")
    search_fields = ("reference",)
    show_full_result_count = False
    exclude = ("redacted_xml", "attributes")
