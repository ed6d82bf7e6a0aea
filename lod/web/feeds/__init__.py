"""Lists for machines: dumps, VoID, sitemap, robots.txt."""
