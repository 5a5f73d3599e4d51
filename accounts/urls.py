"""The URLs of people and their organizations."""

from django.urls import URLPattern, path

from accounts.views import domains, password_reset, signing_in, start_page, team

urlpatterns: list[URLPattern] = [
    path("", start_page.home, name="home"),
    # The login page itself, "login", is in sso/urls.py: it asks for the e-mail, and hands on to this one.
    path("login/password/", signing_in.sign_in, name="login_password"),
    # Stands before the operator's pages, and so replaces their own sign-in page.
    path("operator/admin/login/", signing_in.operator_sign_in, name="operator_login"),
    path("logout/", signing_in.sign_out, name="logout"),
    path("password-reset/", password_reset.ask, name="password_reset"),
    path("password-reset/sent/", password_reset.DoneView.as_view(), name="password_reset_done"),
    path(
        "password-reset/<uidb64>/<token>/",
        password_reset.ConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("password-reset/done/", password_reset.CompleteView.as_view(), name="password_reset_complete"),
    path("invitations/<slug:token>/", signing_in.invitation, name="invitation"),
    path("settings/", start_page.settings, name="settings"),
    path("settings/security/domains/", domains.domains, name="domains"),
    path("settings/security/domains/<int:domain_id>/check/", domains.check_domain, name="domain_check"),
    path("settings/security/domains/<int:domain_id>/remove/", domains.remove_domain, name="domain_remove"),
    path("settings/team/", team.team, name="team"),
    path("settings/team/<int:member_id>/", team.member, name="member"),
    path("settings/team/<int:member_id>/role/", team.change_role, name="member_role"),
    path("settings/team/<int:member_id>/deactivate/", team.deactivate, name="member_deactivate"),
    path("settings/team/<int:member_id>/reactivate/", team.reactivate, name="member_reactivate"),
    path("settings/team/<int:member_id>/end-sessions/", team.end_sessions, name="member_end_sessions"),
    path(
        "settings/team/invitations/<int:invitation_id>/resend/",
        team.resend_invitation,
        name="invitation_resend",
    ),
    path(
        "settings/team/invitations/<int:invitation_id>/revoke/",
        team.revoke_invitation,
        name="invitation_revoke",
    ),
]
