"""What operators may look at. Nothing of single sign-on is changed from here."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from sso.models import Connection, SignInEvent


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
