"""The words of a connection's identity provider, for templates that know only its name."""

from django import template

from sso.guides import guide_named

register = template.Library()
register.filter("guide", guide_named)
