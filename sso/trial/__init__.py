"""Test Connection and Test the tile: a sign-in that is tried, and never signs anybody in."""
