"""Tables 二, 三 and 四: their official shape, and how they are counted from cases and register."""
