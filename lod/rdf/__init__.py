"""RDF terms as text: claims (N-Triples lines), prefixes and vocabularies, the table of formats, files of RDF as quads. No store, no mapping."""
