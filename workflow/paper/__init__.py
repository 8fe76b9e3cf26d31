"""One base for Word documents and one for PDF: letters, reports and sheets are set on it. Knows no case."""
