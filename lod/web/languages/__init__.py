"""Languages of the pages: which one a reader gets, the texts in it, its numbers and dates, and the switch between them.

What belongs here: what depends on the language of a page and on no page. The texts are in `locale/LANGUAGE/LC_MESSAGES/lod.po`.
"""
