"""Settings of a site, from lod.toml and the environment. What a source is called and where it lies is in `lod.sources.configured`."""
