"""Spreadsheets: the rows of their sheets as a CSV file would have them."""
