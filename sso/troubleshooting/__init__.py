"""Troubleshoot: pasted messages and references explained. No sign-in imports this room."""
