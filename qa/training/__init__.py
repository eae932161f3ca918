"""How the judge's weights are made; of this only model.py is used to answer questions, once, to convert them."""
