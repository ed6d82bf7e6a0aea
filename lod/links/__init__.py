"""Links between what is published here and what is elsewhere: read from files, checked, made claims of, written for others.

What belongs here: the formats of links (BEACON, CSV, SSSOM, N-Triples) and of authority tables, how both sides are found and judged,
the claims of the graph of links, candidates by name, what is written for others. Links that records state are mapping (`lod/mapping/`).
"""
