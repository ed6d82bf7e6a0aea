"""What one does with a site beside publishing: make its folder, look at coverage, explain a record, dump, verify, back up."""
