"""The OAI-PMH side of a harvest: a provider, its lists page by page with resumption tokens, what its answers say, its datestamps."""
