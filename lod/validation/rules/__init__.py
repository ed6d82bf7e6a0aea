"""Rules in code: what SHACL Core cannot say, or says at many times the cost, over one record or over the whole store."""
