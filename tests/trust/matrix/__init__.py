"""Case 10: every address × every role × every method × records inside and outside the person's scope."""
