"""Answer cache: whole responses that are kept in memory and on disk, and sent again without the framework.

What belongs here: which requests mean the same, where answers are kept, how they are sent. What an answer says does not.
"""
