"""What people ask about an allocation, or instead of one: why, why not, what if, how fair, what will be missing."""
