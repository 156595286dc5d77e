"""rdit over HTTP, for tools that speak no Jupyter: a script in, an event a statement out.

`handlers` is what a Jupyter server answers below ``/rdit``; `sessions` keeps the kernels that run what is asked for,
`following` tells what they do, `served_files` reads the scripts, and `page` shows one in a browser.
"""
