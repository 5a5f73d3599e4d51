"""`make soak`: mixed load on the running service while one thing after another breaks; then everything is counted."""
