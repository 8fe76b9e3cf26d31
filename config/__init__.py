"""What a law-maker or an office may change: the law's tables, calendars and the program's settings.

Data and the loader, nothing else; everyone may read it, it imports nobody.
"""
