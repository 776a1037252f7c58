"""What keeps people safe: rules on words, referrals in a crisis, notices by law."""
