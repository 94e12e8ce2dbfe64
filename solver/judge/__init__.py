"""The judge: every rule and every goal by plain counting; shares no line with what it judges."""
