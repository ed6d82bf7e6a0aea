"""Triple Pattern Fragments: /fragments."""
