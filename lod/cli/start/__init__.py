"""Make a site and find out what there is: init, demo, formats, settings, import-mapping."""
