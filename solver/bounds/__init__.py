"""What no allocation can beat, goal by goal."""
