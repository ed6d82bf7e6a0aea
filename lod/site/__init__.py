"""Operations on a site beside publishing: folder, coverage, explain, status, findings as a table, dump, verify, backup."""
