"""The health of a connection: its failures by cause, and what will become a problem."""
