"""Every cause of a failed sign-in, provoked over HTTP, and what each of the people concerned is told."""
