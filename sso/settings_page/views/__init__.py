"""The views of the Single Sign-On page."""
