"""Kept answers: whole responses that are sent again without the framework, in memory and on disk.

What belongs here: which requests mean the same, where answers are kept, how they are sent. What an answer says does not.
"""
