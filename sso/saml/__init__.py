"""SAML 2.0 as a service provider needs it: pure code, no Django, no database, the clock is an argument.

Trust grows along one way: `envelope.decode` → `signature.verify` → `checks.check` → `VerifiedIdentity`.
"""
