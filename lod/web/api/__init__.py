"""The entity API: JSON for programs that want no RDF, whose names are those of the JSON-LD context, and its OpenAPI description.

What belongs here: the table of fields, entities and lists as JSON, the description, the routes. How names and identifiers of tables
are matched does not (`lod/web/reconcile/`).
"""
