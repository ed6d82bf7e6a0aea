"""Questions: sentences with blanks, and the SPARQL that answers them. One table for the pages, the service description and the documentation."""
