"""Who is told: from the outbox to each sink, from that sink's own cursor."""
