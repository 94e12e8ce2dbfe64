"""From the button to an end: what is asked, who works on it, what is kept."""
