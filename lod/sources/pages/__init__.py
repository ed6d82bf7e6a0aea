"""Item pages of repositories, as HTML with meta tags or as text with a table of all fields."""
