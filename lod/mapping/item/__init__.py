"""What is stated of the item itself: texts, dates, identifiers, types, terms, rights, files."""
