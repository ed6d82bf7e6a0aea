"""lod publishes the records of libraries and repositories as validated linked data."""

__version__ = "0.2.0"
