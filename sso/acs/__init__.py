"""A response arrives: whom it answers, and what comes of it. Nobody imports this room."""
