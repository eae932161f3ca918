"""From scored sentences to quotations, their citations, and the text of an answer."""
