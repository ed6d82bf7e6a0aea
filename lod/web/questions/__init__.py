"""/questions: sentences with blanks that offer what the site has, and lead to their query with its answer."""
