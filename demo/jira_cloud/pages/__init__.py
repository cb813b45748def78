"""What people see in a browser; `templates` and `static` belong to it.

To be read in this order: `adf_html`, `site_pages`, `consent_page`, `start_page`.
"""
