"""The pages: portal for applicants, desk for staff, reports, and the JSON API.

`app.create_app` puts them together; everything they do goes through `workflow.service`.
"""
