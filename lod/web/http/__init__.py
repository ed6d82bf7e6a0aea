"""HTTP itself: negotiation, addresses, headers, caching, ranges, error responses. Nothing here reads what is published."""
