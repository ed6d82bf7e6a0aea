"""The figures read: counts, lists of records, trends, measurements for programs."""
