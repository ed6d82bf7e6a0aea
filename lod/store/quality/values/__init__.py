"""What is measured and in which words: fields with their targets, rules, what somebody has accepted."""
