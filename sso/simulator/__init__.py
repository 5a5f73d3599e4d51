"""A OneLogin stand-in for the demo and the tests: its own process, its own keys, its own site.

It is like OneLogin where JustCall can tell the difference: the menus and labels of the help article, the shape of the
SAML messages, the errors. It shares no code with what it tests: nothing here imports the service provider's side, and it
signs with another library.

Start it with `python -m sso.simulator`; use its pages, or the API in `views/api.py`.
"""
