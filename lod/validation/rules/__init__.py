"""Rules in code: what SHACL Core cannot state, or states at many times the cost, over one record or over the whole store."""
