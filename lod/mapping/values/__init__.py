"""Values in their normal forms: text, dates, identifiers, IRIs, code lists, citations. Nothing here states a claim."""
