"""Feeds for machines: dumps, VoID, sitemap, robots.txt."""
