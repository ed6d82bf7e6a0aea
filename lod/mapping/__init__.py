"""Record in, claims out: the crosswalk, its kinds, and the rules of normalisation. Nothing here reads files of a source or writes to a store."""
