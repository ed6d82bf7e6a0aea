"""Files that survive a crash: atomic writes, locks, scratch folders, sorting on disk, compression, checksums. Nothing here knows what a file holds."""
