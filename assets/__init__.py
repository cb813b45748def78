"""What the files under static/ are made of, and the script that makes them: `make assets`.

`vendored.json` names every file that was taken from the npm registry, with its package, its
version, its path in the package and its hash; a test compares them. The stylesheet of the kit and
the icons are not served as they come: they are cut down to what the pages use.

used            the classes, elements and attributes that templates and scripts name
stylesheet      cuts a stylesheet to the rules that can match
make            writes static/css/kit.css and static/icons.svg
"""
