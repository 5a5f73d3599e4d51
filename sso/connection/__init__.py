"""What an admin has configured: set-up, staged changes, state, keys, and fetching metadata."""
