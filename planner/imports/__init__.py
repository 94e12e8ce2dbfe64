"""Lists that come from elsewhere: read, recognised, compared with what is there, taken in as a whole, taken back."""
