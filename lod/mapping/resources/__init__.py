"""What values of a record become resources of: agents, subjects, funding, containers, links, entities."""
