"""A connection of Acme that is on, its messages, and processes of the app."""

from tests.hostile.processes import two_apps
from tests.sign_in.conftest import arrivals, connection, last_event

__all__ = ["arrivals", "connection", "last_event", "two_apps"]
