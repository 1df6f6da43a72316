"""Made-up words for names and texts: nothing in a capture comes from a person."""

_TEXT = """
amber birch cedar delta ember fjord grove harbor island juniper kestrel lagoon meadow
nectar orchard pebble quartz river saffron thistle umbra valley willow xenon yarrow zephyr
"""
WORDS = _TEXT.split()
