"""/model: the classes of a site, their properties and how they join, the rules that judge them, the crosswalk that fills them."""
