"""Signing in: the start, the requests, the story of one sign-in, and who comes in."""
