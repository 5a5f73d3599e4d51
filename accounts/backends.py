"""How members are found for a session. Password rules live in accounts/passwords.py."""

from django.contrib.auth.backends import ModelBackend


class MemberBackend(ModelBackend):
    """Django's model backend: it already refuses inactive people, at sign-in and on every request."""
