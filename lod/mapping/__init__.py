"""Record in, claims out: the crosswalk, its kinds, and the rules of normalisation."""
