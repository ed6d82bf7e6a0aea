"""The web side: it serves what has been published, and nothing else."""
