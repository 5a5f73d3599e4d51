"""Troubleshoot: explains pasted messages and references. A sign-in never imports this room."""
