"""The server process: waitress, its connections, shutdown."""
