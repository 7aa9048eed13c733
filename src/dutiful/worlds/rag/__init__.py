"""Documents: a question with passages that nobody vouches for. One file a family."""
