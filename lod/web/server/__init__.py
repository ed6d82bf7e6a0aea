"""The server process: waitress, its connections, its end."""
