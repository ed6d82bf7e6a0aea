"""Files that survive a crash: atomic writes, locks, scratch folders, sorting on disk, compression, checksums. What a file holds is decided elsewhere."""
