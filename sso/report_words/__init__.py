"""A check report in words, for the log, the trial and troubleshooting alike."""
