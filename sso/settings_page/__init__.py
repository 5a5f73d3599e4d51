"""Settings → Security → Single Sign-On."""
