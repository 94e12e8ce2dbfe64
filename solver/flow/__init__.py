"""People into meetings by min-cost flows: the timetable of a day, one slot at a time, rooms and interpreters."""
