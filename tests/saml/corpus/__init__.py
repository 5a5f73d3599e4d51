"""The corpus: messages that must sign somebody in, and messages that must not. README.md tells how to add one."""
