"""The pipeline: items of sources in, a new generation and a report out."""
