"""The URLs of the stand-in. Those of the SAML endpoints look like OneLogin's."""

from django.contrib.staticfiles.views import serve
from django.urls import path

from sso.simulator.views import api, apps, people, portal, saml

urlpatterns = [
    path("", portal.portal, name="portal"),
    path("login/", portal.sign_in, name="sign_in"),
    path("logout/", portal.sign_out, name="sign_out"),
    path("client/apps/launch/<int:app_id>/", portal.launch, name="launch"),
    path("trust/saml2/http-post/sso/<int:app_id>", saml.sso, name="sso"),
    path("trust/saml2/continue/<str:token>/", saml.go_on, name="go_on"),
    path("trust/saml2/http-redirect/slo/<int:app_id>", saml.slo, name="slo"),
    path("saml/metadata/<int:app_id>", saml.metadata, name="metadata"),
    path("admin/", apps.listing, name="apps"),
    path("admin/apps/add/", apps.add, name="add_app"),
    path("admin/apps/<int:app_id>/delete/", apps.delete, name="delete_app"),
    path("admin/apps/<int:app_id>/certificate/", apps.certificate, name="certificate"),
    path("admin/apps/<int:app_id>/certificate.<str:kind>", apps.download, name="download"),
    path("admin/apps/<int:app_id>/parameters/add/", apps.add_parameter, name="add_parameter"),
    path("admin/apps/<int:app_id>/parameters/<int:number>/", apps.edit_parameter, name="edit_parameter"),
    path("admin/apps/<int:app_id>/<slug:tab>/", apps.tab, name="app"),
    path("admin/users/", people.listing, name="people"),
    path("admin/users/new/", people.edit, name="new_person"),
    path("admin/users/<int:person_id>/", people.edit, name="person"),
    path("api/health", api.health),
    path("api/reset", api.reset),
    path("api/apps", api.apps),
    path("api/apps/<int:app_id>", api.app),
    path("api/apps/<int:app_id>/certificate", api.certificate),
    path("api/apps/<int:app_id>/response", api.response),
    path("api/people", api.people),
    path("api/people/<int:person_id>", api.person),
    path("static/<path:path>", serve, {"insecure": True}),
]
