"""How a connection fares: its failures by cause, and what will be a problem."""
