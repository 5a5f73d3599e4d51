"""A OneLogin stand-in for the demo and the tests: its own process, its own keys, its own site.

It looks and behaves like OneLogin where JustCall can tell the difference: the menus and labels of the
help article, the shape of the SAML messages, the errors. It shares no code with what it tests:
nothing here imports the service provider's side, and it signs with another library.

Start it with `python -m sso.simulator`; drive it by its pages or by the API described in `views/api.py`.
"""
