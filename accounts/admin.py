"""The operator's pages: plans and seats can be changed, people can only be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import AuditEntry, EmailDomain, Organization, User

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(Organization)
class OrganizationAdmin(_ModelAdmin):
    list_display = ("name", "slug", "plan", "seat_limit")
    search_fields = ("name", "slug")
    list_filter = ("plan",)


class ReadOnlyAdmin(_ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "organization", "role", "is_active", "last_sso_at")
    search_fields = ("email",)
    exclude = ("password",)


@admin.register(EmailDomain)
class EmailDomainAdmin(ReadOnlyAdmin):
    list_display = ("name", "organization", "verified_at", "last_checked_at", "missing_since")
    search_fields = ("name",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("organization", "at", "actor", "action", "subject")
    show_full_result_count = False
