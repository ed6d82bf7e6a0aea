"""RDF terms as text: claims (N-Triples lines), prefixes and vocabularies, files of RDF as quads. No store, no mapping."""
