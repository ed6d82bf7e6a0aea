"""Resources beside the item: agents, organisations, places, events, subjects, grants, linked documents, entities."""
