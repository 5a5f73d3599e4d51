"""The URLs of single sign-on."""

from django.urls import path, register_converter

from sso.public_ids import PublicIdConverter
from sso.views import acs, connection_test, log, members, metadata, settings, staged, start, troubleshoot

register_converter(PublicIdConverter, "public")

urlpatterns = [
    path("login/sso/", start.start, name="sso_start"),
    path("login/sso/<slug:slug>/", start.start_at, name="sso_start_at"),
    path("sso/saml/<public:public_id>/acs/", acs.acs, name="sso_acs"),
    path("sso/saml/<public:public_id>/metadata/", metadata.metadata, name="sso_metadata"),
    path("settings/security/sso/", settings.sso_settings, name="sso_settings"),
    path("settings/security/sso/enable/", settings.enable, name="sso_enable"),
    path("settings/security/sso/turn-on/", settings.turn_on, name="sso_turn_on"),
    path("settings/security/sso/turn-off/", settings.turn_off, name="sso_turn_off"),
    path("settings/security/sso/metadata/", settings.upload_metadata, name="sso_upload_metadata"),
    path("settings/security/sso/guide/", settings.choose_guide, name="sso_choose_guide"),
    path("settings/security/sso/sha1/", settings.accept_sha1, name="sso_sha1"),
    path("settings/security/sso/delete/", settings.delete, name="sso_delete"),
    path("settings/security/sso/test/", connection_test.start_test, name="sso_test_start"),
    path("settings/security/sso/test/tile/", connection_test.start_tile_test, name="sso_test_tile"),
    path("settings/security/sso/test/status/", connection_test.test_status, name="sso_test_status"),
    path(
        "settings/security/sso/test/<public:public_id>/", connection_test.test_result, name="sso_test_result"
    ),
    path(
        "settings/security/sso/test/<public:public_id>/status/",
        connection_test.status_of_test,
        name="sso_test_status_of",
    ),
    path("settings/security/sso/troubleshoot/", troubleshoot.troubleshoot, name="sso_troubleshoot"),
    path("settings/security/sso/change/apply/", staged.apply_change, name="sso_change_apply"),
    path("settings/security/sso/change/apply-untested/", staged.apply_untested, name="sso_change_untested"),
    path("settings/security/sso/change/discard/", staged.discard_change, name="sso_change_discard"),
    path("settings/security/log/", log.sign_in_log, name="sign_in_log"),
    path("settings/security/log/audit/", log.audit_trail, name="audit_trail"),
    path("settings/security/log/export.csv", log.sign_in_log_csv, name="sign_in_log_csv"),
    path("settings/security/log/<slug:reference>/", log.sign_in_entry, name="sign_in_entry"),
    path("settings/team/<int:member_id>/reset-sso-link/", members.reset_sso_link, name="sso_reset_link"),
]
