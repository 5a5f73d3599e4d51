"""The URLs of the whole service."""

from django.contrib import admin
from django.urls import include, path

from justcall_sso import health, metrics_page

handler400 = "justcall_sso.errors.bad_request"
handler403 = "justcall_sso.errors.forbidden"
handler404 = "justcall_sso.errors.not_found"
handler500 = "justcall_sso.errors.server_error"

urlpatterns = [
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("metrics", metrics_page.metrics, name="metrics"),
    path("", include("accounts.urls")),
    path("", include("sso.urls")),
    path("operator/admin/", admin.site.urls),
]
