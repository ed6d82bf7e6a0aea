"""What entries and queries share: folded words, forms of identifiers, the table of facets, labels of codes."""
