"""HTTP client of harvests, of remote stores and of `lod validate --endpoint`: the only place that asks other servers."""
