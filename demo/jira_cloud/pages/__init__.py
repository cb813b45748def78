"""What people see in a browser; `templates` and `static` belong to it.

To be read in this order: `adf_html`, `frame`, `field_form`, `site_pages`, `create_page`,
`consent_page`, `start_page`.
"""
