"""Words the whole suite knows: passwords that must be seen nowhere."""

PASSWORD = "correct-horse-battery-staple"
PASSWORDS = [PASSWORD, "wrong-horse-battery-staple", "another-horse-battery-staple"]
