"""Who had it first, how sure we are, and why."""
