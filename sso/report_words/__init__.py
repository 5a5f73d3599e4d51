"""A check report in words, for the log, the connection test and Troubleshoot."""
