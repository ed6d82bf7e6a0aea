"""Pages of people, organisations, journals, volumes, concepts, places, funders: facts, works by year, what is beside them."""
