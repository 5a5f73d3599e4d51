"""The pages of signing in: the login page, the start of single sign-on, refusals, and links that are reset."""
