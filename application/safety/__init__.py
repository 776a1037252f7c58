"""What happens for people's safety around the conversation: records, reviews, counts."""
