"""CSV tables with a header of their own. Tables with DSpace's header are in `dspace`."""
