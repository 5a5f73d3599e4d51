"""Signing out by single sign-on: what arrives about it. Single logout (profiles 4.4) would be here."""
