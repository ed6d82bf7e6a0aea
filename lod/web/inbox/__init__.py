"""The inbox: services announce reviews, endorsements and related works of what is published here (Linked Data Notifications).

What belongs here: taking and showing notifications. What they say is published by the next run, among the links (`lod/links/`).
"""
