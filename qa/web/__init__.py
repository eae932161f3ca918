"""The web chat: answers and articles go in, pages come out. Only this folder and app.py know Gradio."""
