"""Dublin Core as XML (oai_dc, qdc, DIM) and as JSON. Envelopes that carry it are in `oai`, DSpace's own exports in `dspace`."""
