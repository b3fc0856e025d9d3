"""Who is rung when: calling hours, retries, leases."""
