"""Mail: queued with its cause, sent once, and what came back of it."""
