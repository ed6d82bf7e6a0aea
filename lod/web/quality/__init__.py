"""Pages about the quality of the records, over the figures of the live generation: /quality; and the same as a file."""
