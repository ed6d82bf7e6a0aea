"""A site's own face: its logo, its accent colour, its templates over ours, block by block (docs/appearance.md)."""
