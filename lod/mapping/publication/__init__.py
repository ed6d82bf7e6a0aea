"""Where the item was published: serial, book, series, volume and issue, pages."""
