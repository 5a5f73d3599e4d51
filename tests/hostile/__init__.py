"""What an attacker tries besides the messages themselves: state, the web, secrets."""
