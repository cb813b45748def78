"""What becomes of action items: how many are done within 30 days, and what is still open.

tally and figures count (pure), periods says of which months; counting keeps the counts of each
team's months, reports reads them for a page. month_chart draws, definitions and summary_words word,
figure_table is for spreadsheets.
"""
