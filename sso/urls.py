"""The doors of single sign-on: every URL, and the view behind it."""

from django.urls import path, register_converter

from accounts.views.signing_in import sign_in as password
from sso.acs import views as acs
from sso.log import views as log
from sso.settings_page.views import configuration, staged_change
from sso.signing_in.views import links, login, refused, starting
from sso.trial import views as trial
from sso.troubleshooting import views as troubleshooting


class PublicIdConverter:
    """The random id of a connection or test. Anything else is not found before the database is asked."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicIdConverter, "public")

_SETTINGS = "settings/security/sso/"
_LOG = "settings/security/log/"

urlpatterns = [
    path("login/", login.login, {"password": password}, name="login"),
    path("login/sso/", starting.start, name="sso_start"),
    path("login/sso/<slug:slug>/", starting.start_at, name="sso_start_at"),
    path("login/refused/<slug:reference>/", refused.refused, name="sso_refused"),
    path("login/sso/again/<slug:reference>/", refused.again, name="sso_again"),
    path("sso/saml/<public:public_id>/acs/", acs.acs, name="sso_acs"),
    # Whoever leaves the slash out is told so, and not sent on by GET.
    path("sso/saml/<public:public_id>/acs", acs.acs, name="sso_acs_without_slash"),
    path("sso/saml/<public:public_id>/metadata/", acs.metadata, name="sso_metadata"),
    path("sso/saml/<public:public_id>/metadata", acs.metadata, name="sso_metadata_without_slash"),
    path(_SETTINGS, configuration.sso_settings, name="sso_settings"),
    path(f"{_SETTINGS}enable/", configuration.enable, name="sso_enable"),
    path(f"{_SETTINGS}turn-on/", configuration.turn_on, name="sso_turn_on"),
    path(f"{_SETTINGS}turn-off/", configuration.turn_off, name="sso_turn_off"),
    path(f"{_SETTINGS}metadata/", configuration.upload_metadata, name="sso_upload_metadata"),
    path(f"{_SETTINGS}guide/", configuration.choose_guide, name="sso_choose_guide"),
    path(f"{_SETTINGS}sha1/", configuration.accept_sha1, name="sso_sha1"),
    path(f"{_SETTINGS}delete/", configuration.delete, name="sso_delete"),
    path(f"{_SETTINGS}change/apply/", staged_change.apply_change, name="sso_change_apply"),
    path(f"{_SETTINGS}change/apply-untested/", staged_change.apply_untested, name="sso_change_untested"),
    path(f"{_SETTINGS}change/discard/", staged_change.discard_change, name="sso_change_discard"),
    path(f"{_SETTINGS}test/", trial.start_test, name="sso_test_start"),
    path(f"{_SETTINGS}test/tile/", trial.start_tile_test, name="sso_test_tile"),
    path(f"{_SETTINGS}test/status/", trial.test_status, name="sso_test_status"),
    path(f"{_SETTINGS}test/<public:public_id>/", trial.test_result, name="sso_test_result"),
    path(f"{_SETTINGS}test/<public:public_id>/status/", trial.status_of_test, name="sso_test_status_of"),
    path(f"{_SETTINGS}troubleshoot/", troubleshooting.troubleshoot, name="sso_troubleshoot"),
    path(_LOG, log.sign_in_log, name="sign_in_log"),
    path(f"{_LOG}audit/", log.audit_trail, name="audit_trail"),
    path(f"{_LOG}export.csv", log.sign_in_log_csv, name="sign_in_log_csv"),
    path(f"{_LOG}<slug:reference>/", log.sign_in_entry, name="sign_in_entry"),
    path("settings/team/<int:member_id>/reset-sso-link/", links.reset_sso_link, name="sso_reset_link"),
]
